//===- FormKernels.cpp - which linalg ops run as one loop nest ------------===//
//
// Part of tflc, under the Apache License 2.0.
//
//===----------------------------------------------------------------------===//

#include "StepTree.h"

#include "tflc/Schedule/Passes.h"

#include "TFLRT/IR/TFLRTDialect.h"

#include "mlir/Dialect/Func/IR/FuncOps.h"
#include "mlir/Dialect/Linalg/IR/Linalg.h"
#include "mlir/Dialect/MemRef/IR/MemRef.h"
#include "mlir/Interfaces/SideEffectInterfaces.h"
#include "mlir/Interfaces/ViewLikeInterface.h"

namespace tflc {
#define GEN_PASS_DEF_FORMKERNELS
#include "tflc/Schedule/Passes.h.inc"
} // namespace tflc

using namespace mlir;
using tflc::tflrt::KernelOp;

namespace {

Value baseBuffer(Value buffer) {
  while (auto view = buffer.getDefiningOp<ViewLikeOpInterface>())
    buffer = view.getViewSource();
  return buffer;
}

bool writesAny(Operation *op, ArrayRef<Value> buffers) {
  auto linalgOp = dyn_cast<linalg::LinalgOp>(op);
  if (!linalgOp)
    return !isMemoryEffectFree(op) && !isa<memref::AllocOp>(op);
  return llvm::any_of(linalgOp.getDpsInits(),
                      [&](Value init) { return llvm::is_contained(buffers, baseBuffer(init)); });
}

/// The ops of one kernel in order of execution.
struct Group {
  Operation *init = nullptr;
  linalg::GenericOp reduction;
  linalg::GenericOp epilogue;
  memref::AllocOp accumulator; // set where it need not exist in memory
};

/// True where moving `op` down to just before `target` changes nothing that it reads or writes.
/// `companion` moves along.
bool canSink(linalg::LinalgOp op, Operation *target, Operation *companion = nullptr) {
  SmallVector<Value> touched;
  for (Value operand : op->getOperands())
    if (isa<MemRefType>(operand.getType()))
      touched.push_back(baseBuffer(operand));
  for (Operation *next = op->getNextNode(); next != target; next = next->getNextNode())
    if (next != companion && writesAny(next, touched))
      return false;
  return true;
}

/// Finds what initializes and what reads the accumulator of `reduction`.
Group collectGroup(linalg::GenericOp reduction) {
  Group group;
  group.reduction = reduction;
  Value accumulator = reduction.getDpsInits()[0];
  auto alloc = accumulator.getDefiningOp<memref::AllocOp>();

  // The op before the reduction that overwrites the whole accumulator.
  for (Operation *op = reduction->getPrevNode(); op; op = op->getPrevNode()) {
    auto linalgOp = dyn_cast<linalg::LinalgOp>(op);
    if (!linalgOp || !writesAny(op, baseBuffer(accumulator)))
      continue;
    auto generic = dyn_cast<linalg::GenericOp>(op);
    bool whole = linalgOp.getDpsInits().size() == 1 && linalgOp.getDpsInits()[0] == accumulator &&
                 (isa<linalg::FillOp>(op) ||
                  (generic && generic.getNumParallelLoops() == generic.getNumLoops() &&
                   generic.getMatchingIndexingMap(generic.getDpsInitOperand(0)).isIdentity() &&
                   !generic.payloadUsesValueFromOperand(generic.getDpsInitOperand(0))));
    if (whole && canSink(linalgOp, reduction))
      group.init = op;
    break;
  }
  if (!group.init || !alloc)
    return group;

  // The only reader, element by element.
  linalg::GenericOp reader;
  for (Operation *user : alloc->getUsers()) {
    if (user == group.init || user == reduction)
      continue;
    auto generic = dyn_cast<linalg::GenericOp>(user);
    if (!generic || reader || generic->getBlock() != reduction->getBlock())
      return group;
    reader = generic;
  }
  if (!reader || reader.getNumParallelLoops() != reader.getNumLoops() ||
      reader.getNumDpsInits() != 1)
    return group;
  unsigned reads = 0;
  for (OpOperand *operand : reader.getDpsInputOperands()) {
    if (operand->get() != accumulator)
      continue;
    if (!reader.getMatchingIndexingMap(operand).isIdentity())
      return group;
    ++reads;
  }
  if (reads == 0 || !reader.getMatchingIndexingMap(reader.getDpsInitOperand(0)).isPermutation() ||
      !canSink(reduction, reader) ||
      !canSink(cast<linalg::LinalgOp>(group.init), reader, reduction))
    return group;
  group.epilogue = reader;
  group.accumulator = alloc;
  return group;
}

/// Whether the epilogue writes over what the reduction reads: the tensor that a loop carries. Run
/// one after the other, the ops read all of it first; as one loop nest they write the first results
/// before they read for the last ones.
bool overwritesItsInput(Group &group) {
  Value written = baseBuffer(group.epilogue.getDpsInits()[0]);
  for (Operation *op : {group.init, group.reduction.getOperation()})
    for (Value operand : op->getOperands())
      if (isa<MemRefType>(operand.getType()) && baseBuffer(operand) == written)
        return true;
  return false;
}

/// Lets the epilogue write into a buffer of its own, and copies that behind it.
void writeElsewhere(linalg::GenericOp epilogue) {
  OpOperand *init = epilogue.getDpsInitOperand(0);
  Value destination = init->get();
  auto type = cast<MemRefType>(destination.getType());
  OpBuilder b(epilogue);
  Value buffer = memref::AllocOp::create(b, epilogue.getLoc(),
                                         memref::getMixedSizes(b, epilogue.getLoc(), destination),
                                         type.getElementType());
  init->set(buffer);
  b.setInsertionPointAfter(epilogue);
  AffineMap map = b.getMultiDimIdentityMap(type.getRank());
  linalg::GenericOp::create(
      b, epilogue.getLoc(), ValueRange{buffer}, ValueRange{destination},
      ArrayRef<AffineMap>{map, map},
      SmallVector<utils::IteratorType>(type.getRank(), utils::IteratorType::parallel),
      [](OpBuilder &inner, Location loc, ValueRange args) {
        linalg::YieldOp::create(inner, loc, args[0]);
      });
}

KernelOp wrap(ArrayRef<Operation *> ops) {
  OpBuilder builder(ops.back());
  auto kernel =
      KernelOp::create(builder, ops.back()->getLoc(), tflc::tflrt::StrategyAttr(), Value());
  Block *body = builder.createBlock(&kernel.getBody());
  for (Operation *op : ops)
    op->moveBefore(body, body->end());
  return kernel;
}

struct FormKernelsPass : tflc::impl::FormKernelsBase<FormKernelsPass> {
  void runOnOperation() override {
    for (auto func : getOperation().getOps<func::FuncOp>()) {
      if (func.isDeclaration())
        continue;
      tflc::StepTree tree(func.front());
      for (Block *block : tree.blocks())
        formKernels(*block);
    }
  }

private:
  void formKernels(Block &block) {
    // Reductions first: they claim the ops before and behind them.
    SmallVector<linalg::GenericOp> reductions;
    for (auto generic : block.getOps<linalg::GenericOp>())
      if (generic.getNumReductionLoops() > 0 && generic.getNumDpsInits() == 1)
        reductions.push_back(generic);
    for (linalg::GenericOp reduction : reductions) {
      Group group = collectGroup(reduction);
      if (group.epilogue && overwritesItsInput(group))
        writeElsewhere(group.epilogue);
      SmallVector<Operation *> ops;
      if (group.accumulator)
        ops.push_back(group.accumulator);
      if (group.init)
        ops.push_back(group.init);
      ops.push_back(reduction);
      if (group.epilogue)
        ops.push_back(group.epilogue);
      wrap(ops);
    }
    for (Operation &op : llvm::make_early_inc_range(block))
      if (isa<linalg::LinalgOp>(op))
        wrap({&op});
  }
};

} // namespace

//===- OutlineTasks.cpp - a function for the tasks of a kernel ------------===//
//
// Part of tflc, under the Apache License 2.0.
//
// A task knows the inputs, the outputs and the arena of its invocation, and its own number. Views
// and constants that its kernel uses are made once more in its function. Numbers that are known
// only where the kernel stands, such as the variable of a loop around it, are handed over.
//
//===----------------------------------------------------------------------===//

#include "OutlineTasks.h"

#include "tflc/Target/TaskNames.h"

#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/Func/IR/FuncOps.h"
#include "mlir/IR/IRMapping.h"
#include "mlir/IR/Matchers.h"
#include "mlir/IR/SymbolTable.h"
#include "mlir/Interfaces/SideEffectInterfaces.h"
#include "mlir/Interfaces/ViewLikeInterface.h"
#include "llvm/ADT/SetVector.h"

using namespace mlir;
using namespace tflc;

static constexpr char arenaAttrName[] = "tflc.arena";
static constexpr char parallelAttrName[] = "tflc.parallel";

static std::optional<unsigned> findArgument(func::FuncOp entry, StringRef attribute) {
  for (unsigned i = 0; i < entry.getNumArguments(); ++i)
    if (entry.getArgAttr(i, attribute))
      return i;
  return std::nullopt;
}

LogicalResult tflc::addParallelArgument(func::FuncOp entry) {
  std::optional<unsigned> arena = findArgument(entry, arenaAttrName);
  if (!arena)
    return entry.emitOpError("has no arena");
  Builder b(entry.getContext());
  // Only its address counts.
  auto type = MemRefType::get({1}, b.getI8Type());
  auto attributes = b.getDictionaryAttr(b.getNamedAttr(parallelAttrName, b.getUnitAttr()));
  return entry.insertArgument(*arena + 1, type, attributes, entry.getLoc());
}

namespace {
/// What a kernel uses that is not its own.
struct Uses {
  llvm::SetVector<Operation *> slice; ///< is computed once more, in this order
  llvm::SetVector<Value> numbers;     ///< are handed over
};
} // namespace

/// Whether a pointer has room for a number of the type.
static bool fitsPointer(Type type) {
  return type.isIndex() || (type.isIntOrFloat() && type.getIntOrFloatBitWidth() <= 32);
}

/// Collects what computes `value` in `entry`; false where neither can that be repeated nor the
/// value be handed over.
static bool collectUse(Value value, func::FuncOp entry, Uses &uses) {
  Operation *op = value.getDefiningOp();
  if (fitsPointer(value.getType()) && !(op && matchPattern(op, m_Constant()))) {
    uses.numbers.insert(value);
    return true;
  }
  if (!op)
    return value.getParentBlock() == &entry.front();
  if (uses.slice.contains(op))
    return true;
  if (op->getNumRegions() != 0 || !(isPure(op) || isa<ViewLikeOpInterface>(op)))
    return false;
  for (Value operand : op->getOperands())
    if (!collectUse(operand, entry, uses))
      return false;
  uses.slice.insert(op);
  return true;
}

/// The same for all that the kernel uses.
static bool collectUses(tflrt::KernelOp kernel, func::FuncOp entry, Uses &uses) {
  return !kernel
              ->walk([&](Operation *op) {
                for (Value operand : op->getOperands())
                  if (!kernel->isAncestor(operand.getParentBlock()->getParentOp()) &&
                      !collectUse(operand, entry, uses))
                    return WalkResult::interrupt();
                return WalkResult::advance();
              })
              .wasInterrupted();
}

/// The arguments of an entry function that a task may touch.
static SmallVector<Value> collectBuffers(func::FuncOp entry) {
  SmallVector<Value> buffers;
  for (BlockArgument argument : entry.getArguments())
    if (isa<MemRefType>(argument.getType()) &&
        !entry.getArgAttr(argument.getArgNumber(), parallelAttrName))
      buffers.push_back(argument);
  return buffers;
}

static std::string makeName(func::FuncOp entry) {
  auto module = entry->getParentOfType<ModuleOp>();
  std::string name;
  for (unsigned number = 0; name.empty() || module.lookupSymbol(name); ++number)
    name = (entry.getName() + ".task" + std::to_string(number)).str();
  return name;
}

/// The scratch buffer of task `task`, which lies behind those of the tasks before it.
static Value moveScratch(OpBuilder &b, memref::ViewOp all, Value task, int64_t elements) {
  Location loc = all.getLoc();
  MemRefType type = all.getType();
  int64_t bytes = elements * type.getElementTypeBitWidth() / 8;
  Value distance =
      arith::MulIOp::create(b, loc, task, arith::ConstantIndexOp::create(b, loc, bytes));
  Value shift = arith::AddIOp::create(b, loc, all.getByteShift(), distance);
  return memref::ViewOp::create(b, loc, MemRefType::get({elements}, type.getElementType()),
                                all.getSource(), shift, ValueRange());
}

std::optional<OutlinedKernel> tflc::outlineTasks(tflrt::KernelOp kernel, const TaskCut &cut,
                                                 int64_t scratchElements) {
  auto entry = kernel->getParentOfType<func::FuncOp>();
  Uses uses;
  if (!collectUses(kernel, entry, uses))
    return std::nullopt;
  if (Value scratch = kernel.getScratch(); scratch && !scratch.getDefiningOp<memref::ViewOp>())
    return std::nullopt;

  Location loc = kernel.getLoc();
  OpBuilder b(entry);
  SmallVector<Value> operands = collectBuffers(entry);
  llvm::append_range(operands, uses.numbers);
  SmallVector<Type> types(ValueRange(operands).getTypes());
  types.push_back(b.getIndexType());
  auto body = func::FuncOp::create(b, loc, makeName(entry), b.getFunctionType(types, {}));
  body.setPrivate();
  b.setInsertionPointToStart(body.addEntryBlock());
  IRMapping mapping;
  for (auto [operand, argument] : llvm::zip(operands, body.getArguments()))
    mapping.map(operand, argument);
  for (Operation *op : uses.slice)
    b.clone(*op, mapping);
  Value task = body.getArguments().back();
  auto copy = cast<tflrt::KernelOp>(b.clone(*kernel, mapping));
  func::ReturnOp::create(b, loc);
  if (Value scratch = copy.getScratch(); scratch && scratchElements > 0) {
    b.setInsertionPoint(copy);
    copy.getScratchMutable().assign(
        moveScratch(b, scratch.getDefiningOp<memref::ViewOp>(), task, scratchElements));
  }

  // A declaration, whose body comes when there are pointers.
  BlockArgument parallel = entry.getArgument(*findArgument(entry, parallelAttrName));
  types.back() = parallel.getType();
  b.setInsertionPoint(entry);
  auto run = func::FuncOp::create(b, loc, body.getName().str() + ".run",
                                  b.getFunctionType(types, b.getI32Type()));
  run.setPrivate();
  run->setAttr(kRunTasksAttrName, FlatSymbolRefAttr::get(body));
  run->setAttr(kTaskCountAttrName, b.getI64IntegerAttr(cut.count));
  b.setInsertionPoint(kernel);
  operands.push_back(parallel);
  auto call = func::CallOp::create(b, loc, run, operands);
  tflrt::GuardOp::create(b, loc, Type(), call.getResult(0), Value());
  kernel.erase();
  return OutlinedKernel{copy, {cut.dim, cut.count, task}};
}

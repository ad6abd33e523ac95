//===- RowKernel.cpp - what a kernel reads for a row ----------------------===//
//
// Part of tflc, under the Apache License 2.0.
//
//===----------------------------------------------------------------------===//

#include "RowKernel.h"

#include "Schedule/Memory/ArenaBuffers.h"
#include "Schedule/Memory/InPlace.h"
#include "Schedule/Nest/LoopNest.h"

#include "mlir/IR/AffineExpr.h"
#include "mlir/Interfaces/SideEffectInterfaces.h"
#include "mlir/Interfaces/ViewLikeInterface.h"

using namespace mlir;
using namespace tflc;

//===----------------------------------------------------------------------===//
// Views
//===----------------------------------------------------------------------===//

std::optional<PlainView> tflc::findPlainView(Value buffer) {
  auto type = cast<MemRefType>(buffer.getType());
  if (!type.hasStaticShape())
    return std::nullopt;
  PlainView result;
  result.sizes.assign(type.getShape().begin(), type.getShape().end());
  result.offsets.assign(type.getRank(), 0);
  auto isStatic = [](ArrayRef<int64_t> values) {
    return llvm::none_of(values, ShapedType::isDynamic);
  };
  while (Operation *op = buffer.getDefiningOp()) {
    auto subview = dyn_cast<memref::SubViewOp>(op);
    if (!subview) {
      if (isa<ViewLikeOpInterface>(op))
        return std::nullopt;
      break;
    }
    if (subview.getType().getRank() != subview.getSourceType().getRank() ||
        !isStatic(subview.getStaticOffsets()) || !isStatic(subview.getStaticSizes()) ||
        llvm::any_of(subview.getStaticStrides(), [](int64_t stride) { return stride != 1; }))
      return std::nullopt;
    for (auto [offset, more] : llvm::zip_equal(result.offsets, subview.getStaticOffsets()))
      offset += more;
    buffer = subview.getSource();
  }
  result.base = buffer;
  return result;
}

SmallVector<linalg::LinalgOp> tflc::linalgOpsOf(tflrt::KernelOp kernel) {
  return llvm::to_vector(kernel.getBody().front().getOps<linalg::LinalgOp>());
}

linalg::FillOp tflc::getSingleFill(Operation *op) {
  auto kernel = dyn_cast<tflrt::KernelOp>(op);
  if (!kernel)
    return nullptr;
  SmallVector<linalg::LinalgOp> ops = linalgOpsOf(kernel);
  return ops.size() == 1 ? dyn_cast<linalg::FillOp>(ops.front().getOperation()) : nullptr;
}

//===----------------------------------------------------------------------===//
// Kernels
//===----------------------------------------------------------------------===//

/// Reads `expr`, an index of rows, as scale * `row` + a sum of reduction loops; false where it has
/// another form.
static bool readRowIndex(AffineExpr expr, unsigned row, ArrayRef<int64_t> ranges,
                         ArrayRef<utils::IteratorType> iterators, int64_t factor, RowRead &read) {
  if (auto constant = dyn_cast<AffineConstantExpr>(expr)) {
    read.lowest += factor * constant.getValue();
    read.highest += factor * constant.getValue();
    return true;
  }
  if (auto dim = dyn_cast<AffineDimExpr>(expr)) {
    unsigned position = dim.getPosition();
    if (position == row) {
      read.scale += factor;
      return true;
    }
    int64_t last = factor * (ranges[position] - 1);
    read.lowest += std::min<int64_t>(last, 0);
    read.highest += std::max<int64_t>(last, 0);
    return iterators[position] == utils::IteratorType::reduction;
  }
  auto binary = dyn_cast<AffineBinaryOpExpr>(expr);
  if (!binary)
    return false;
  if (binary.getKind() == AffineExprKind::Add)
    return readRowIndex(binary.getLHS(), row, ranges, iterators, factor, read) &&
           readRowIndex(binary.getRHS(), row, ranges, iterators, factor, read);
  auto constant = dyn_cast<AffineConstantExpr>(binary.getRHS());
  return binary.getKind() == AffineExprKind::Mul && constant &&
         readRowIndex(binary.getLHS(), row, ranges, iterators, factor * constant.getValue(), read);
}

bool tflc::isTouchedByOnly(Value buffer, const DenseSet<Operation *> &allowed) {
  return llvm::all_of(buffer.getUsers(), [&](Operation *user) {
    if (isa<ViewLikeOpInterface>(user))
      return llvm::all_of(user->getResults(),
                          [&](Value view) { return isTouchedByOnly(view, allowed); });
    auto kernel = user->getParentOfType<tflrt::KernelOp>();
    return kernel && allowed.contains(kernel);
  });
}

void tflc::eraseUnused(Operation *op) {
  for (Operation *user : llvm::make_early_inc_range(op->getUsers()))
    if (isa<ViewLikeOpInterface>(user))
      eraseUnused(user);
  if (op->use_empty())
    op->erase();
}

bool tflc::hasRows(Type type) {
  auto memref = dyn_cast<MemRefType>(type);
  return memref && memref.hasStaticShape() && memref.getRank() > int64_t(rowDim) + 1 &&
         memref.getDimSize(0) == 1 && memref.getElementType().isIntOrFloat();
}

bool tflc::hasPureBody(linalg::LinalgOp op) {
  return llvm::all_of(op.getBlock()->without_terminator(), [](Operation &inner) {
    if (auto load = dyn_cast<memref::LoadOp>(inner))
      return getConstantValues(load.getMemRef()) != nullptr;
    return isPure(&inner) && !isa<linalg::IndexOp>(inner);
  });
}

static int64_t countIterations(linalg::LinalgOp op) {
  int64_t count = 1;
  for (int64_t range : op.getStaticLoopRanges())
    count *= range;
  return count;
}

static void addWhole(RowKernel &kernel, Value buffer) {
  auto type = cast<MemRefType>(buffer.getType());
  kernel.wholes.push_back(buffer);
  if (type.getElementType().isIntOrFloat())
    kernel.wholeBytes += sizeInBytes(type);
}

std::optional<RowKernel> tflc::analyzeRows(tflrt::KernelOp kernel) {
  SmallVector<linalg::LinalgOp> ops = linalgOpsOf(kernel);
  if (ops.empty() || getSingleFill(kernel))
    return std::nullopt;
  RowKernel result;
  if (ops.back().getNumDpsInits() != 1)
    return std::nullopt;
  result.output = ops.back().getDpsInits()[0];
  if (!hasRows(result.output.getType()))
    return std::nullopt;
  result.rows = cast<MemRefType>(result.output.getType()).getDimSize(rowDim);

  SmallVector<Value> initialized; // what an op of the kernel has written as a whole
  for (auto [number, op] : llvm::enumerate(ops)) {
    if (op.getNumDpsInits() != 1 || op.hasDynamicShape())
      return std::nullopt;
    Value written = op.getDpsInits()[0];
    auto local = written.getDefiningOp<memref::AllocOp>();
    bool isLocal = local && local->getParentOp() == kernel;
    if (!(isLocal || written == result.output) || !hasRows(written.getType()) ||
        cast<MemRefType>(written.getType()).getDimSize(rowDim) != result.rows)
      return std::nullopt;
    if (!hasPureBody(op))
      return std::nullopt;
    OpOperand *init = op.getDpsInitOperand(0);
    AffineMap outputMap = op.getMatchingIndexingMap(init);
    auto row = dyn_cast<AffineDimExpr>(outputMap.getResult(rowDim));
    SmallVector<int64_t> ranges = op.getStaticLoopRanges();
    SmallVector<utils::IteratorType> iterators = op.getIteratorTypesArray();
    if (!row || !outputMap.isProjectedPermutation() ||
        iterators[row.getPosition()] != utils::IteratorType::parallel)
      return std::nullopt;
    // A part of the output that an op needs must come from this kernel.
    if (op.payloadUsesValueFromOperand(init) && !llvm::is_contained(initialized, written))
      return std::nullopt;
    initialized.push_back(written);

    result.work += countIterations(op) / result.rows;
    for (OpOperand *operand : op.getDpsInputOperands()) {
      auto type = dyn_cast<MemRefType>(operand->get().getType());
      if (!type)
        continue;
      AffineMap map = op.getMatchingIndexingMap(operand);
      bool depends = map.isFunctionOfDim(row.getPosition());
      if (!depends) {
        if (llvm::is_contained(initialized, operand->get()))
          return std::nullopt;
        addWhole(result, operand->get());
        continue;
      }
      for (auto [dim, index] : llvm::enumerate(map.getResults()))
        if (dim != rowDim && index.isFunctionOfDim(row.getPosition()))
          return std::nullopt;
      RowRead read{unsigned(number), operand->getOperandNumber(), operand->get(), 0, 0, 0};
      if (!hasRows(type) ||
          !readRowIndex(map.getResult(rowDim), row.getPosition(), ranges, iterators, 1, read) ||
          read.scale < 1)
        return std::nullopt;
      if (llvm::is_contained(initialized, operand->get())) {
        if (read.scale != 1 || read.lowest != 0 || read.highest != 0)
          return std::nullopt;
        continue;
      }
      result.reads.push_back(read);
    }
  }
  return result;
}

/// The loop of a reduction that walks the rows of `operand`, all of them; none where there is no
/// such loop. Loops of one iteration do not move anything.
static std::optional<unsigned> findCollectedRows(linalg::LinalgOp op, OpOperand *operand) {
  if (!hasRows(operand->get().getType()))
    return std::nullopt;
  SmallVector<int64_t> ranges = op.getStaticLoopRanges();
  SmallVector<utils::IteratorType> iterators = op.getIteratorTypesArray();
  AffineExpr index = op.getMatchingIndexingMap(operand).getResult(rowDim);
  for (auto [dim, range] : llvm::enumerate(ranges))
    if (range == 1)
      index = index.replace(getAffineDimExpr(dim, op.getContext()),
                            getAffineConstantExpr(0, op.getContext()));
  auto rows = dyn_cast<AffineDimExpr>(index);
  if (!rows || iterators[rows.getPosition()] != utils::IteratorType::reduction ||
      ranges[rows.getPosition()] != cast<MemRefType>(operand->get().getType()).getDimSize(rowDim))
    return std::nullopt;
  return rows.getPosition();
}

bool tflc::isShapeOnly(linalg::LinalgOp op, OpOperand &operand, unsigned loop) {
  AffineMap map = op.getMatchingIndexingMap(&operand);
  return op.isDpsInput(&operand) && isa<MemRefType>(operand.get().getType()) &&
         op.getMatchingBlockArgument(&operand).use_empty() && map.isFunctionOfDim(loop) &&
         map.isProjectedPermutation();
}

std::optional<RowKernel> tflc::analyzeCollector(tflrt::KernelOp kernel) {
  SmallVector<linalg::LinalgOp> ops = linalgOpsOf(kernel);
  auto isReduction = [](linalg::LinalgOp op) { return op.getNumReductionLoops() > 0; };
  if (ops.size() < 2 || ops.size() > 3 || !isReduction(ops[1]) ||
      llvm::count_if(ops, isReduction) != 1)
    return std::nullopt;
  RowKernel result;
  std::optional<unsigned> rows;
  for (linalg::LinalgOp op : ops)
    if (op.getNumDpsInits() != 1 || op.hasDynamicShape() || !hasPureBody(op))
      return std::nullopt;
  result.sums = ops[1].getDpsInits()[0];
  result.output = ops.back().getDpsInits()[0];
  // The sums are filled without a look at what they were.
  if (ops[0].getDpsInits()[0] != result.sums ||
      ops[0].payloadUsesValueFromOperand(ops[0].getDpsInitOperand(0)))
    return std::nullopt;
  auto local = result.sums.getDefiningOp<memref::AllocOp>();
  bool isLocal = local && local->getParentOp() == kernel;
  if (isLocal != (ops.size() == 3) ||
      llvm::range_size(kernel.getBody().front()) != ops.size() + (isLocal ? 1 : 0) ||
      (isLocal && ops[2].payloadUsesValueFromOperand(ops[2].getDpsInitOperand(0))))
    return std::nullopt;

  for (OpOperand *operand : ops[1].getDpsInputOperands())
    if (auto found = findCollectedRows(ops[1], operand)) {
      if (rows)
        return std::nullopt; // of two buffers, whose rows need not be there at the same time
      rows = found;
      result.reads.push_back({1, operand->getOperandNumber(), operand->get(), 1, 0, 0});
    }
  if (!rows)
    return std::nullopt;
  for (linalg::LinalgOp op : ops)
    for (OpOperand &operand : op->getOpOperands()) {
      AffineMap map = op.getMatchingIndexingMap(&operand);
      if (op == ops[1] && operand.getOperandNumber() == result.reads[0].operand) {
        for (auto [dim, index] : llvm::enumerate(map.getResults()))
          if (dim != rowDim && index.isFunctionOfDim(*rows))
            return std::nullopt;
      } else if (op == ops[1] && map.isFunctionOfDim(*rows)) {
        if (!isShapeOnly(op, operand, *rows))
          return std::nullopt;
      } else if (op.isDpsInput(&operand) && isa<MemRefType>(operand.get().getType()) &&
                 !(isLocal && operand.get() == result.sums)) {
        addWhole(result, operand.get());
      }
    }
  result.rowLoop = *rows;
  result.rows = ops[1].getStaticLoopRanges()[*rows];
  result.work = countIterations(ops[1]) / result.rows;
  return result;
}

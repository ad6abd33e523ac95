//===- GuardShapes.cpp - sizes that must agree at run time ----------------===//
//
// Part of tflc, under the Apache License 2.0.
//
// Sizes can come from data: the number of rows that WHERE has found, a shape that is fed. Operators
// agree about known sizes when the model is read, about these only when it runs. One net under all
// lowerings catches what would leave a tensor, so that no lowering has to think of it.
//
//===----------------------------------------------------------------------===//

#include "GuardShapes.h"

#include "Guard.h"

#include "mlir/Dialect/Func/IR/FuncOps.h"
#include "mlir/Dialect/Linalg/IR/Linalg.h"
#include "mlir/Dialect/SCF/IR/SCF.h"
#include "mlir/Dialect/Tensor/IR/Tensor.h"
#include "mlir/Dialect/Utils/StaticValueUtils.h"
#include "mlir/Interfaces/InferIntRangeInterface.h"

using namespace mlir;
using namespace tflc;

namespace {

/// A size as far as it can be followed back: a constant, a value, or a dimension of a tensor.
struct Origin {
  std::optional<int64_t> constant;
  Value value;
  int64_t dim = -1;

  bool operator==(const Origin &other) const {
    return constant == other.constant && value == other.value && dim == other.dim;
  }
};

/// The numbers that a loop counts, where these are known; nothing for other values.
std::optional<ConstantIntRanges> findCounted(Value value) {
  auto number = dyn_cast<BlockArgument>(value);
  auto loop = number ? dyn_cast<scf::ForOp>(number.getOwner()->getParentOp()) : scf::ForOp();
  if (!loop || loop.getInductionVar() != number)
    return std::nullopt;
  std::optional<int64_t> first = getConstantIntValue(loop.getLowerBound()),
                         end = getConstantIntValue(loop.getUpperBound());
  if (!first || !end || *first >= *end)
    return std::nullopt;
  unsigned width = ConstantIntRanges::getStorageBitwidth(value.getType());
  return ConstantIntRanges::fromSigned(APInt(width, *first, /*isSigned=*/true),
                                       APInt(width, *end - 1, /*isSigned=*/true));
}

/// What an integer can be, as far as the ops that compute it show: lowerings clamp many sizes.
ConstantIntRanges findRange(Value value, unsigned depth = 0) {
  constexpr unsigned maxDepth = 8;
  ConstantIntRanges unknown = IntegerValueRange::getMaxRange(value).getValue();
  if (std::optional<ConstantIntRanges> counted = findCounted(value))
    return *counted;
  // The number of an iteration as the model sees it.
  if (auto read = value.getDefiningOp<tensor::ExtractOp>())
    if (auto single = read.getTensor().getDefiningOp<tensor::FromElementsOp>();
        single && single.getElements().size() == 1)
      return findRange(single.getElements()[0], depth);
  auto inferable = value.getDefiningOp<InferIntRangeInterface>();
  if (!inferable || depth == maxDepth)
    return unknown;
  SmallVector<IntegerValueRange> operands;
  for (Value operand : inferable->getOperands())
    operands.push_back(operand.getType().isIntOrIndex()
                           ? IntegerValueRange(findRange(operand, depth + 1))
                           : IntegerValueRange());
  IntegerValueRange found;
  inferable.inferResultRangesFromOptional(operands,
                                          [&](Value result, const IntegerValueRange &range) {
                                            if (result == value)
                                              found = range;
                                          });
  return found.isUninitialized() ? unknown : found.getValue();
}

bool isNeverTrue(Value condition) {
  std::optional<APInt> constant = findRange(condition).getConstantValue();
  return constant && constant->isZero();
}

/// Collects what is rejected at one op, and guards the op's operand.
class ShapeGuard {
public:
  explicit ShapeGuard(Operation *op) : op(op), builder(op), b(builder, op->getLoc()) {}

  void requireEqual(OpFoldResult lhs, OpFoldResult rhs);
  /// Of signed numbers.
  void requireAtMost(OpFoldResult lhs, OpFoldResult rhs);
  void requireNumElements(ArrayRef<OpFoldResult> sizes, OpFoldResult count);
  OpFoldResult getSize(Value tensor, int64_t dim) {
    return tensor::getMixedSize(builder, op->getLoc(), tensor, dim);
  }
  OpFoldResult getEnd(OpFoldResult offset, OpFoldResult size, OpFoldResult stride);
  /// Guards one operand of the op, if there is anything to reject.
  void finish(OpOperand &operand, tflc_status status);

private:
  Value get(OpFoldResult size) {
    if (std::optional<int64_t> constant = getConstantIntValue(size))
      return b.integer(builder.getIndexType(), *constant);
    return cast<Value>(size);
  }
  void reject(Value condition) {
    if (isNeverTrue(condition))
      return;
    rejected = rejected ? b.emit<arith::OrIOp>(rejected, condition) : condition;
  }

  Operation *op;
  OpBuilder builder;
  ScalarBuilder b;
  Value rejected;
};

} // namespace

static Origin followDim(Value tensor, int64_t dim);

static Origin follow(OpFoldResult size) {
  if (std::optional<int64_t> constant = getConstantIntValue(size))
    return {constant, {}, -1};
  auto value = cast<Value>(size);
  if (auto read = value.getDefiningOp<tensor::DimOp>())
    if (std::optional<int64_t> dim = read.getConstantIndex())
      return followDim(read.getSource(), *dim);
  return {std::nullopt, value, -1};
}

static Origin followDim(Value tensor, int64_t dim) {
  auto type = cast<RankedTensorType>(tensor.getType());
  if (!type.isDynamicDim(dim))
    return {type.getDimSize(dim), {}, -1};
  Operation *op = tensor.getDefiningOp();
  unsigned number = op ? cast<OpResult>(tensor).getResultNumber() : 0;
  if (auto empty = dyn_cast_or_null<tensor::EmptyOp>(op))
    return follow(empty.getDynamicSizes()[type.getDynamicDimIndex(dim)]);
  if (auto cast = dyn_cast_or_null<tensor::CastOp>(op))
    return followDim(cast.getSource(), dim);
  if (auto guard = dyn_cast_or_null<tflrt::GuardOp>(op))
    return followDim(guard.getValue(), dim);
  if (auto insert = dyn_cast_or_null<tensor::InsertSliceOp>(op))
    return followDim(insert.getDest(), dim);
  if (auto slice = dyn_cast_or_null<tensor::ExtractSliceOp>(op);
      slice && slice.getSourceType().getRank() == type.getRank())
    return follow(slice.getMixedSizes()[dim]);
  if (auto pad = dyn_cast_or_null<tensor::PadOp>(op))
    if (getConstantIntValue(pad.getMixedLowPad()[dim]) == 0 &&
        getConstantIntValue(pad.getMixedHighPad()[dim]) == 0)
      return followDim(pad.getSource(), dim);
  // A dimension that a reshape leaves alone.
  if (auto collapse = dyn_cast_or_null<tensor::CollapseShapeOp>(op))
    if (ReassociationIndices group = collapse.getReassociationIndices()[dim]; group.size() == 1)
      return followDim(collapse.getSrc(), group.front());
  if (auto expand = dyn_cast_or_null<tensor::ExpandShapeOp>(op))
    for (auto [source, group] : llvm::enumerate(expand.getReassociationIndices()))
      if (group.size() == 1 && group.front() == dim)
        return followDim(expand.getSrc(), source);
  if (auto linalgOp = dyn_cast_or_null<linalg::LinalgOp>(op))
    return followDim(linalgOp.getDpsInits()[number], dim);
  if (auto loop = dyn_cast_or_null<LoopLikeOpInterface>(op))
    if (loop.getInits().size() == op->getNumResults())
      return followDim(loop.getInits()[number], dim);
  return {std::nullopt, tensor, dim};
}

void ShapeGuard::requireEqual(OpFoldResult lhs, OpFoldResult rhs) {
  if (!(follow(lhs) == follow(rhs)))
    reject(b.compare(arith::CmpIPredicate::ne, get(lhs), get(rhs)));
}

void ShapeGuard::requireAtMost(OpFoldResult lhs, OpFoldResult rhs) {
  std::optional<int64_t> one = getConstantIntValue(lhs), two = getConstantIntValue(rhs);
  if ((one && two && *one <= *two) || follow(lhs) == follow(rhs))
    return;
  reject(b.compare(arith::CmpIPredicate::sgt, get(lhs), get(rhs)));
}

/// Behind the last element of a slice; its offset where it has none.
OpFoldResult ShapeGuard::getEnd(OpFoldResult offset, OpFoldResult size, OpFoldResult stride) {
  std::optional<int64_t> start = getConstantIntValue(offset), step = getConstantIntValue(stride);
  std::optional<int64_t> count = getConstantIntValue(size);
  if (start && step && count)
    return builder.getIndexAttr(*count == 0 ? *start : *start + (*count - 1) * *step + 1);
  if (start == 0 && step == 1)
    return size;
  Value one = b.integer(builder.getIndexType(), 1);
  Value steps = b.emit<arith::MulIOp>(b.emit<arith::SubIOp>(get(size), one), get(stride));
  Value end = b.emit<arith::AddIOp>(b.emit<arith::AddIOp>(get(offset), steps), one);
  Value isEmpty =
      b.compare(arith::CmpIPredicate::eq, get(size), b.integer(builder.getIndexType(), 0));
  return b.select(isEmpty, get(offset), end);
}

/// The product of sizes is `count`. Sizes that data give can be anything; products of two numbers
/// below 2^31 do not overflow.
void ShapeGuard::requireNumElements(ArrayRef<OpFoldResult> sizes, OpFoldResult count) {
  constexpr int64_t limit = int64_t(1) << 31;
  Value most = b.integer(b.i64(), limit), product = b.integer(b.i64(), 1);
  for (OpFoldResult size : sizes) {
    Value factor = b.emit<arith::IndexCastOp>(b.i64(), get(size));
    factor = b.emit<arith::MinUIOp>(factor, most);
    product = b.emit<arith::MinUIOp>(b.mul(product, factor), most);
  }
  Value wanted = b.emit<arith::IndexCastOp>(b.i64(), get(count));
  reject(b.compare(arith::CmpIPredicate::ne, product, wanted));
}

void ShapeGuard::finish(OpOperand &operand, tflc_status status) {
  if (rejected)
    operand.set(guardScalar(builder, op->getLoc(), operand.get(), rejected, status));
}

//===----------------------------------------------------------------------===//
// Ops
//===----------------------------------------------------------------------===//

static bool isDynamic(Value value) {
  auto type = dyn_cast<RankedTensorType>(value.getType());
  return type && !type.hasStaticShape();
}

/// Operands that are read along the same loop are as long as each other.
static void guardOperands(linalg::LinalgOp op) {
  if (llvm::none_of(op->getOperands(), isDynamic) || op->getNumResults() == 0)
    return;
  ShapeGuard guard(op);
  SmallVector<OpFoldResult> extents(op.getNumLoops());
  // What is written decides; a loop that nothing is written along has its first operand's size.
  SmallVector<OpOperand *> operands;
  for (OpOperand &init : op.getDpsInitsMutable())
    operands.push_back(&init);
  llvm::append_range(operands, op.getDpsInputOperands());
  for (OpOperand *operand : operands) {
    if (!isa<RankedTensorType>(operand->get().getType()))
      continue;
    for (auto [dim, expr] : llvm::enumerate(op.getMatchingIndexingMap(operand).getResults())) {
      auto loop = dyn_cast<AffineDimExpr>(expr);
      if (!loop)
        continue;
      OpFoldResult size = guard.getSize(operand->get(), dim);
      OpFoldResult &extent = extents[loop.getPosition()];
      if (!extent)
        extent = size;
      else
        guard.requireEqual(size, extent);
    }
  }
  guard.finish(op.getDpsInitsMutable()[0], TFLC_INVALID_VALUE);
}

/// A slice begins and ends inside of the tensor.
template <typename Op> static void guardSlice(Op op, Value whole, OpOperand &operand) {
  if (!isDynamic(whole) && op.getOffsets().empty() && op.getSizes().empty())
    return;
  ShapeGuard guard(op);
  OpBuilder builder(op);
  OpFoldResult zero = builder.getIndexAttr(0);
  for (auto [dim, offset, size, stride] :
       llvm::enumerate(op.getMixedOffsets(), op.getMixedSizes(), op.getMixedStrides())) {
    guard.requireAtMost(zero, offset);
    guard.requireAtMost(zero, size);
    guard.requireAtMost(guard.getEnd(offset, size, stride), guard.getSize(whole, dim));
  }
  guard.finish(operand, TFLC_INDEX_OUT_OF_RANGE);
}

/// What is inserted has the size of its place.
static void guardInsertion(tensor::InsertSliceOp op) {
  guardSlice(op, op.getDest(), op.getDestMutable());
  if (!isDynamic(op.getSource()) || op.getSourceType().getRank() != op.getDestType().getRank())
    return;
  ShapeGuard guard(op);
  for (auto [dim, size] : llvm::enumerate(op.getMixedSizes()))
    guard.requireEqual(guard.getSize(op.getSource(), dim), size);
  guard.finish(op.getSourceMutable(), TFLC_INVALID_VALUE);
}

/// The sizes of a group have the size that it came from as their product.
static void guardExpansion(tensor::ExpandShapeOp op) {
  if (op.getOutputShape().size() < 2 && !isDynamic(op.getSrc()))
    return;
  ShapeGuard guard(op);
  SmallVector<OpFoldResult> sizes = op.getMixedOutputShape();
  for (auto [dim, group] : llvm::enumerate(op.getReassociationIndices())) {
    SmallVector<OpFoldResult> parts;
    for (int64_t index : group)
      parts.push_back(sizes[index]);
    auto isUnknown = [](OpFoldResult size) { return !getConstantIntValue(size); };
    if (parts.size() > 1 && llvm::any_of(parts, isUnknown))
      guard.requireNumElements(parts, guard.getSize(op.getSrc(), dim));
  }
  guard.finish(op.getSrcMutable(), TFLC_INVALID_VALUE);
}

/// What a loop carries is written to one place, whatever the iteration: its sizes stay.
static void guardCarried(scf::YieldOp yield, ValueRange carried) {
  for (auto [operand, argument] : llvm::zip_equal(yield->getOpOperands(), carried)) {
    if (!isDynamic(argument))
      continue;
    ShapeGuard guard(yield);
    for (int64_t dim : llvm::seq(cast<RankedTensorType>(argument.getType()).getRank()))
      guard.requireEqual(guard.getSize(operand.get(), dim), guard.getSize(argument, dim));
    guard.finish(operand, TFLC_INVALID_VALUE);
  }
}

static void guardOp(Operation *op) {
  if (auto linalgOp = dyn_cast<linalg::LinalgOp>(op))
    guardOperands(linalgOp);
  else if (auto slice = dyn_cast<tensor::ExtractSliceOp>(op))
    guardSlice(slice, slice.getSource(), slice.getSourceMutable());
  else if (auto insertion = dyn_cast<tensor::InsertSliceOp>(op))
    guardInsertion(insertion);
  else if (auto expansion = dyn_cast<tensor::ExpandShapeOp>(op))
    guardExpansion(expansion);
}

/// On the ops of the model's loops and branches. The loops that a lowering has made stay as they
/// are: each guards what goes into it.
constexpr StringLiteral modelBlocksName = "tflc.model_blocks";

void tflc::markModelBlocks(Operation *op) {
  op->setAttr(modelBlocksName, UnitAttr::get(op->getContext()));
}

bool tflc::holdsModelBlocks(Operation *op) { return op->hasAttr(modelBlocksName); }

bool tflc::haveSameSize(Value one, Value other, int64_t dim) {
  return followDim(one, dim) == followDim(other, dim);
}

static bool isKnownBefore(Operation *branch, Origin origin) {
  if (origin.constant)
    return true;
  if (!branch->isAncestor(origin.value.getParentBlock()->getParentOp()))
    return true;
  Operation *op = origin.value.getDefiningOp();
  return origin.dim < 0 && op && isPure(op) && op->getNumRegions() == 0 &&
         llvm::all_of(
             op->getOperands(),
             [&](Value operand) { return isKnownBefore(branch, follow(operand)); });
}

bool tflc::isSizeKnownBefore(Operation *branch, Value tensor, int64_t dim) {
  return isKnownBefore(branch, followDim(tensor, dim));
}

static void guardRegion(Region &region) {
  // Guards are ops of their own, so that the list is made before.
  SmallVector<Operation *> ops;
  for (Block &block : region)
    for (Operation &op : block)
      ops.push_back(&op);
  for (Operation *op : ops) {
    guardOp(op);
    if (!op->removeAttr(modelBlocksName))
      continue;
    for (Region &inner : op->getRegions())
      guardRegion(inner);
    if (auto loop = dyn_cast<scf::ForOp>(op))
      guardCarried(cast<scf::YieldOp>(loop.getBody()->getTerminator()), loop.getRegionIterArgs());
    else if (auto loop = dyn_cast<scf::WhileOp>(op))
      guardCarried(loop.getYieldOp(), loop.getAfterArguments());
  }
}

void tflc::guardShapes(ModuleOp module) {
  for (auto function : module.getOps<func::FuncOp>())
    guardRegion(function.getBody());
}

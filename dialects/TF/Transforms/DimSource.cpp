//===- DimSource.cpp - where open sizes can be read -----------------------===//
//
// Part of tflc, under the Apache License 2.0.
//
//===----------------------------------------------------------------------===//

#include "DimSource.h"

#include "TF/IR/SliceItems.h"
#include "TF/IR/TFOps.h"

#include "mlir/Dialect/Func/IR/FuncOps.h"

using namespace mlir;
using namespace tflc::tf;

/// Whether a value is computed outside of all loops and branches.
static bool isOutside(Value value) {
  return isa<func::FuncOp>(value.getParentBlock()->getParentOp());
}

static std::optional<DimSource> findSource(Value value, int64_t dim, unsigned &steps);

/// Follows a dimension through an op that keeps it: elementwise ones, and those that work on
/// others.
static std::optional<DimSource> findKeptSource(Operation *op, int64_t dim, unsigned &steps) {
  std::optional<Shape> shape = getShape(op->getResult(0));
  if (isa<ExpandDimsOp, SqueezeOp>(op)) {
    // The batch stays in front.
    std::optional<Shape> from = getShape(op->getOperand(0));
    bool isKept = dim == 0 && from && !from->empty() && from->front() == shape->front() &&
                  ShapedType::isDynamic(shape->front());
    return isKept ? findSource(op->getOperand(0), dim, steps) : std::nullopt;
  }
  if (!isa<AddOp, AddV2Op, BiasAddOp, CastOp, ClipByValueOp, ConcatV2Op, Conv2DOp, Conv3DOp, EluOp,
           IdentityOp, MatMulOp, MaximumOp, MinimumOp, MulOp, NegOp, RealDivOp, Relu6Op, ReluOp,
           SelectOp, SelectV2Op, SigmoidOp, SoftplusOp, SoftsignOp, SquareOp, SubOp, TanhOp,
           TileOp>(op) ||
      (dim != 0 && isa<ConcatV2Op, Conv2DOp, Conv3DOp, MatMulOp, TileOp>(op)))
    return std::nullopt;
  for (Value operand : op->getOperands()) {
    std::optional<Shape> sizes = getShape(operand);
    if (sizes && sizes->size() == shape->size() && (*sizes)[dim] == (*shape)[dim])
      if (std::optional<DimSource> source = findSource(operand, dim, steps))
        return source;
  }
  return std::nullopt;
}

/// Follows a dimension of a value in a loop to one from outside that it equals. All elements of a
/// list are of one shape, so that what is true of the first is true of all: states count as what
/// they begin with.
static std::optional<DimSource> findSource(Value value, int64_t dim, unsigned &steps) {
  constexpr unsigned maxSteps = 4096;
  if (isOutside(value))
    return DimSource{value, dim};
  if (++steps > maxSteps)
    return std::nullopt;
  if (auto argument = dyn_cast<BlockArgument>(value)) {
    auto loop = dyn_cast<WhileRegionOp>(argument.getOwner()->getParentOp());
    return loop ? findSource(loop.getOperand(argument.getArgNumber()), dim, steps) : std::nullopt;
  }
  Operation *op = value.getDefiningOp();
  std::optional<Shape> shape = getShape(value);
  if (!shape || dim >= int64_t(shape->size()))
    return std::nullopt;
  if (auto gather = dyn_cast<GatherV2Op>(op)) {
    std::optional<int64_t> axis = evaluateInt(gather.getAxis());
    if (!axis || *axis < 0 || getShape(gather.getIndices()) != Shape())
      return std::nullopt;
    return findSource(gather.getParams(), dim + (dim >= *axis), steps);
  }
  if (auto get = dyn_cast<TensorListGetItemOp>(op)) {
    auto list = get.getInputHandle().getDefiningOp<TensorListFromTensorOp>();
    return list ? findSource(list.getTensor(), dim + 1, steps) : std::nullopt;
  }
  if (auto split = dyn_cast<SplitOp>(op))
    return findSource(split.getValue(), dim, steps);
  return findKeptSource(op, dim, steps);
}

std::optional<DimSource> tflc::tf::findSource(Value value, int64_t dim) {
  unsigned steps = 0;
  return ::findSource(value, dim, steps);
}

DimSource tflc::tf::followDim(Value value, int64_t dim) {
  while (Operation *op = value.getDefiningOp()) {
    if (auto transposition = dyn_cast<TransposeOp>(op)) {
      std::optional<SmallVector<int64_t>> order = evaluateAllInts(transposition.getPerm());
      if (!order || dim >= int64_t(order->size()) || (*order)[dim] < 0)
        break;
      dim = (*order)[dim];
    } else if (!isa<IdentityOp, ReverseV2Op>(op)) {
      break;
    }
    value = op->getOperand(0);
  }
  return {value, dim};
}

std::optional<DimSource> tflc::tf::findReadDim(Value number) {
  while (Operation *op = number.getDefiningOp()) {
    if (!isa<CastOp, ExpandDimsOp, IdentityOp, ReshapeOp, SqueezeOp>(op))
      break;
    number = op->getOperand(0);
  }
  auto slice = number.getDefiningOp<StridedSliceOp>();
  auto shape = slice ? slice.getInput().getDefiningOp<ShapeOp>() : ShapeOp();
  std::optional<Shape> sizes = shape ? getShape(shape.getInput()) : std::nullopt;
  auto begin = slice ? evaluateAllInts(slice.getBegin()) : std::nullopt;
  auto end = slice ? evaluateAllInts(slice.getEnd()) : std::nullopt;
  auto strides = slice ? evaluateAllInts(slice.getStrides()) : std::nullopt;
  if (!sizes || !begin || !end || !strides)
    return std::nullopt;
  auto items = getSliceItems(SliceMasks(slice), 1, *begin, *end, *strides, {});
  if (!items || items->size() != 1)
    return std::nullopt;
  std::optional<SliceRange> range = getSliceRange(items->front(), sizes->size());
  return range && range->size == 1 ? std::optional(followDim(shape.getInput(), range->begin))
                                   : std::nullopt;
}

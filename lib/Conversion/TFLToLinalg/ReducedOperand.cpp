//===- ReducedOperand.cpp - what reductions work on ---------------------===//
//
// Part of tflc, under the Apache License 2.0.
//
//===----------------------------------------------------------------------===//

#include "ReducedOperand.h"

#include "DataMovement.h"
#include "IndexMath.h"
#include "Utils.h"

#include "TFL/IR/Reduction.h"

#include "mlir/Dialect/Tensor/IR/Tensor.h"
#include "mlir/Dialect/Utils/StaticValueUtils.h"

#include <limits>

using namespace mlir;
using namespace tflc;

Value tflc::reduceAxes(OpBuilder &builder, Location loc, Value input, ArrayRef<int64_t> axes,
                       Value initial, CombineBody combine) {
  SmallVector<OpFoldResult> inputSizes = tensor::getMixedSizes(builder, loc, input), sizes;
  unsigned rank = inputSizes.size();
  SmallVector<utils::IteratorType> iterators(rank, utils::IteratorType::parallel);
  for (int64_t axis : axes)
    iterators[axis] = utils::IteratorType::reduction;
  SmallVector<AffineExpr> results;
  for (unsigned i = 0; i < rank; ++i) {
    bool reduced = iterators[i] == utils::IteratorType::reduction;
    if (!reduced) {
      sizes.push_back(inputSizes[i]);
      results.push_back(builder.getAffineDimExpr(i));
    }
  }
  Value init = createFilled(builder, loc, sizes, initial);
  SmallVector<AffineMap> maps = {builder.getMultiDimIdentityMap(rank),
                                 AffineMap::get(rank, 0, results, builder.getContext())};
  Value reduced = linalg::GenericOp::create(
                      builder, loc, init.getType(), input, init, maps, iterators,
                      [&](OpBuilder &b, Location at, ValueRange args) {
                        ScalarBuilder scalars(b, at);
                        linalg::YieldOp::create(b, at, combine(scalars, args[0], args[1]));
                      })
                      .getResult(0);
  return reduced;
}

Value tflc::reduceExtremum(OpBuilder &builder, Location loc, Value input, ArrayRef<int64_t> axes,
                           bool isUnsigned, bool isMax) {
  Type element = getElementType(input);
  Value initial;
  if (isa<FloatType>(element)) {
    double lowest = std::numeric_limits<float>::lowest();
    initial = createFloat(builder, loc, element, isMax ? lowest : -lowest);
  } else {
    unsigned width = element.getIntOrFloatBitWidth();
    llvm::APInt value = isMax ? (isUnsigned ? llvm::APInt::getMinValue(width)
                                            : llvm::APInt::getSignedMinValue(width))
                              : (isUnsigned ? llvm::APInt::getMaxValue(width)
                                            : llvm::APInt::getSignedMaxValue(width));
    initial = arith::ConstantOp::create(builder, loc, builder.getIntegerAttr(element, value));
  }
  return reduceAxes(
      builder, loc, input, axes, initial, [&](ScalarBuilder &b, Value value, Value best) -> Value {
        // A NaN is passed over.
        if (isa<FloatType>(element))
          return isMax ? b.emit<arith::MaxNumFOp>(best, value)
                       : b.emit<arith::MinNumFOp>(best, value);
        if (isUnsigned)
          return isMax ? b.emit<arith::MaxUIOp>(best, value) : b.emit<arith::MinUIOp>(best, value);
        return isMax ? b.emit<arith::MaxSIOp>(best, value) : b.emit<arith::MinSIOp>(best, value);
      });
}

/// Puts dimensions of size one where `axes` were.
static Value restoreDims(OpBuilder &builder, Location loc, Value value, int64_t rank,
                         ArrayRef<int64_t> axes) {
  if (axes.empty())
    return value;
  auto type = cast<RankedTensorType>(value.getType());
  SmallVector<OpFoldResult> sizes = tensor::getMixedSizes(builder, loc, value), outSizes;
  SmallVector<int64_t> shape;
  SmallVector<ReassociationIndices> groups(type.getRank());
  int64_t next = 0;
  for (int64_t i = 0; i < rank; ++i) {
    bool isReduced = llvm::is_contained(axes, i);
    shape.push_back(isReduced ? 1 : type.getDimSize(next));
    outSizes.push_back(isReduced ? OpFoldResult(builder.getIndexAttr(1)) : sizes[next]);
    // Ones stand with the dimension before them, leading ones with the first.
    if (!groups.empty())
      groups[isReduced ? std::max<int64_t>(next - 1, 0) : next].push_back(i);
    if (!isReduced)
      ++next;
  }
  return tensor::ExpandShapeOp::create(
      builder, loc, RankedTensorType::get(shape, type.getElementType()), value, groups, outSizes);
}

ReducedOperand::ReducedOperand(OpBuilder &builder, Operation *op, Value input, Value axes,
                               bool keepDims)
    : builder(builder), loc(op->getLoc()), value(input),
      shape(cast<RankedTensorType>(input.getType()).getShape()), keepDims(keepDims) {
  int64_t rank = shape.size();
  if (auto known = tfl::getReducedAxes(op->getOperand(1), rank)) {
    constantAxes = *known;
    return;
  }
  std::optional<int64_t> numReduced;
  if (!keepDims)
    numReduced = rank - cast<RankedTensorType>(op->getResult(0).getType()).getRank();
  fedAxes.emplace(builder, loc, axes, tensor::getMixedSizes(builder, loc, input), numReduced);
  value = fedAxes->createRows(input);
  constantAxes = {1};
}

OpFoldResult ReducedOperand::getCount() const {
  SmallVector<OpFoldResult> sizes;
  for (int64_t axis : constantAxes)
    sizes.push_back(tensor::getMixedSize(builder, loc, value, axis));
  return IndexMath(builder, loc).product(sizes);
}

Value ReducedOperand::selectByCount(Type type, function_ref<int64_t(int64_t)> compute) const {
  if (std::optional<int64_t> count = getConstantIntValue(getCount()))
    return createInt(builder, loc, type, compute(*count));
  if (!fedAxes || llvm::any_of(shape, ShapedType::isDynamic))
    return {};
  // Bit i of an entry's number says that dimension i is reduced.
  SmallVector<APInt> entries;
  for (unsigned subset = 0; subset < 1u << shape.size(); ++subset) {
    int64_t count = 1;
    for (auto [dim, size] : llvm::enumerate(shape))
      count *= subset >> dim & 1 ? size : 1;
    entries.push_back(APInt(type.getIntOrFloatBitWidth(), compute(count), /*isSigned=*/true));
  }
  auto tableType = RankedTensorType::get({int64_t(entries.size())}, type);
  Value table = arith::ConstantOp::create(builder, loc, DenseElementsAttr::get(tableType, entries));
  ScalarBuilder b(builder, loc);
  Type index = builder.getIndexType();
  Value place = b.integer(index, 0);
  for (size_t dim = 0; dim < shape.size(); ++dim)
    place = b.add(place, b.select(fedAxes->isNamed(dim), b.integer(index, int64_t(1) << dim),
                                  b.integer(index, 0)));
  return b.emit<tensor::ExtractOp>(table, place);
}

Value ReducedOperand::restore(Value result, RankedTensorType type) const {
  if (fedAxes) {
    SmallVector<OpFoldResult> sizes =
        keepDims ? fedAxes->getOtherSizes() : fedAxes->collectOtherSizes(type.getRank());
    SmallVector<int64_t> unknown(sizes.size(), ShapedType::kDynamic);
    result = reshapeTo(builder, loc, result, RankedTensorType::get(unknown, getElementType(result)),
                       sizes);
  } else if (keepDims) {
    result = restoreDims(builder, loc, result, shape.size(), constantAxes);
  }
  return castTo(builder, loc, result, type);
}

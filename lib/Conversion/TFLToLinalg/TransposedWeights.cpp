//===- TransposedWeights.cpp - weights by phase ---------------------------===//
//
// Part of tflc, under the Apache License 2.0.
//
//===----------------------------------------------------------------------===//

#include "TransposedWeights.h"

#include "Product.h"
#include "Utils.h"

#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/Tensor/IR/Tensor.h"
#include "mlir/Dialect/Utils/IndexingUtils.h"

#include <numeric>

using namespace mlir;
using namespace tflc;

/// Constant weights with zeros between their taps along the dimensions from `filterAxis` on.
static DenseElementsAttr dilateConstant(DenseElementsAttr weights, ArrayRef<int64_t> shape,
                                        ArrayRef<int64_t> dilations, int64_t filterAxis) {
  auto type = cast<RankedTensorType>(weights.getType());
  unsigned size = llvm::divideCeil(type.getElementTypeBitWidth(), 8);
  ArrayRef<char> source = weights.getRawData();
  SmallVector<int64_t> strides = computeStrides(shape);
  for (auto [i, dilation] : llvm::enumerate(dilations))
    strides[filterAxis + i] *= dilation;
  std::vector<char> dilated(ShapedType::getNumElements(shape) * size, 0);
  SmallVector<int64_t> index(shape.size(), 0);
  for (int64_t from = 0, count = type.getNumElements(); from < count; ++from) {
    int64_t to = std::inner_product(index.begin(), index.end(), strides.begin(), int64_t(0));
    std::copy_n(source.data() + (weights.isSplat() ? 0 : from * size), size,
                dilated.data() + to * size);
    for (size_t i = index.size(); i-- > 0 && ++index[i] == type.getDimSize(i);)
      index[i] = 0;
  }
  return DenseElementsAttr::getFromRawBuffer(type.clone(shape), dilated);
}

Value tflc::dilateWeights(OpBuilder &builder, Location loc, Value weights,
                          ArrayRef<int64_t> dilations, int64_t filterAxis) {
  if (llvm::all_of(dilations, [](int64_t dilation) { return dilation == 1; }))
    return weights;
  auto type = cast<RankedTensorType>(weights.getType());
  SmallVector<int64_t> shape(type.getShape()), steps(type.getRank(), 1);
  for (auto [i, dilation] : llvm::enumerate(dilations)) {
    steps[filterAxis + i] = dilation;
    shape[filterAxis + i] = (shape[filterAxis + i] - 1) * dilation + 1;
  }
  if (DenseElementsAttr constant = matchConstant(weights))
    return arith::ConstantOp::create(builder, loc,
                                     dilateConstant(constant, shape, dilations, filterAxis));
  MLIRContext *context = builder.getContext();
  Value zeros = createFilled(builder, loc, getAsIndexOpFoldResult(context, shape),
                             createZero(builder, loc, type.getElementType()));
  SmallVector<OpFoldResult> offsets(type.getRank(), builder.getIndexAttr(0));
  return tensor::InsertSliceOp::create(builder, loc, weights, zeros, offsets,
                                       getAsIndexOpFoldResult(context, type.getShape()),
                                       getAsIndexOpFoldResult(context, steps));
}

/// Constant weights by phase; `fill` are the bytes of a tap that the filter does not have.
static DenseElementsAttr groupConstant(DenseElementsAttr weights, const TransposedConvolution &conv,
                                       uint8_t fill) {
  auto type = cast<RankedTensorType>(weights.getType());
  unsigned size = llvm::divideCeil(type.getElementTypeBitWidth(), 8);
  ArrayRef<char> source = weights.getRawData();
  SmallVector<int64_t> shape = conv.getGroupedShape();
  SmallVector<int64_t> sourceStrides = computeStrides(type.getShape());
  size_t spatial = conv.axes.size();
  std::vector<char> grouped(ShapedType::getNumElements(shape) * size, char(fill));
  SmallVector<int64_t> index(shape.size(), 0);
  for (size_t at = 0; at < grouped.size(); at += size) {
    int64_t from = index[spatial] * sourceStrides[conv.outputAxis] +
                   index.back() * sourceStrides[conv.inputAxis];
    bool exists = true;
    for (auto [i, axis] : llvm::enumerate(conv.axes)) {
      int64_t tap = index[i] + axis.stride * (axis.taps - 1 - index[spatial + 1 + i]);
      exists &= tap < axis.filter;
      from += tap * sourceStrides[conv.filterAxis + i];
    }
    if (exists)
      std::copy_n(source.data() + (weights.isSplat() ? 0 : from * size), size, grouped.data() + at);
    for (size_t i = shape.size(); i-- > 0 && ++index[i] == shape[i];)
      index[i] = 0;
  }
  return DenseElementsAttr::getFromRawBuffer(type.clone(conv.getWeightsShape()), grouped);
}

/// The same for weights that arrive at run time.
static Value groupAtRunTime(OpBuilder &builder, Location loc, Value weights,
                            const TransposedConvolution &conv, uint8_t fill) {
  auto type = cast<RankedTensorType>(weights.getType());
  size_t spatial = conv.axes.size();
  SmallVector<OpFoldResult> low(type.getRank(), builder.getIndexAttr(0)), high = low;
  SmallVector<int64_t> splitShape;
  SmallVector<ReassociationIndices> split;
  for (int64_t i = 0; i < type.getRank(); ++i) {
    split.push_back({int64_t(splitShape.size())});
    int64_t spatialIndex = i - conv.filterAxis;
    if (spatialIndex < 0 || spatialIndex >= int64_t(spatial)) {
      splitShape.push_back(type.getDimSize(i));
      continue;
    }
    const TransposedAxis &axis = conv.axes[spatialIndex];
    high[i] = builder.getIndexAttr(axis.taps * axis.stride - axis.filter);
    split.back().push_back(splitShape.size() + 1);
    splitShape.append({axis.taps, axis.stride});
  }
  Type element = type.getElementType();
  Value zero = isa<FloatType>(element) ? createFloat(builder, loc, element, 0)
                                       : createInt(builder, loc, element, int8_t(fill));
  Value padded = tensor::PadOp::create(builder, loc, Type(), weights, low, high, zero);
  Value expanded =
      tensor::ExpandShapeOp::create(builder, loc, type.clone(splitShape), padded, split);

  // Iterators: phases, output channels, taps, input channels.
  auto dim = [&](unsigned i) { return builder.getAffineDimExpr(i); };
  SmallVector<AffineExpr> source(splitShape.size());
  source[split[conv.outputAxis][0]] = dim(spatial);
  source[split[conv.inputAxis][0]] = dim(2 * spatial + 1);
  for (auto [i, axis] : llvm::enumerate(conv.axes)) {
    const ReassociationIndices &places = split[conv.filterAxis + i];
    source[places[0]] = axis.taps - 1 - dim(spatial + 1 + i);
    source[places[1]] = dim(i);
  }
  SmallVector<OpFoldResult> sizes =
      getAsIndexOpFoldResult(builder.getContext(), conv.getGroupedShape());
  Value grouped = buildElementwise(
      builder, loc, expanded, AffineMap::get(sizes.size(), 0, source, builder.getContext()), sizes,
      element, [](OpBuilder &, Location, ValueRange args) { return args[0]; });
  SmallVector<ReassociationIndices> joined(1);
  for (size_t i = 0; i < sizes.size(); ++i) {
    if (i > spatial)
      joined.emplace_back();
    joined.back().push_back(i);
  }
  return tensor::CollapseShapeOp::create(builder, loc, grouped, joined);
}

Value tflc::groupWeights(OpBuilder &builder, Location loc, Value weights,
                         const TransposedConvolution &conv, uint8_t fill) {
  if (DenseElementsAttr constant = matchConstant(weights))
    return arith::ConstantOp::create(builder, loc, groupConstant(constant, conv, fill));
  return groupAtRunTime(builder, loc, weights, conv, fill);
}

Value tflc::repeatBias(OpBuilder &builder, Location loc, Value bias,
                       const TransposedConvolution &conv) {
  int64_t phases = conv.getPhases(), channels = conv.outputChannels;
  if (phases == 1)
    return bias;
  if (DenseElementsAttr values = matchConstant(bias)) {
    SmallVector<Attribute> repeated;
    for (int64_t i = 0; i < phases; ++i)
      llvm::append_range(repeated, values.getValues<Attribute>());
    auto type = RankedTensorType::get({phases * channels}, values.getElementType());
    return arith::ConstantOp::create(builder, loc, DenseElementsAttr::get(type, repeated));
  }
  Value flat = createReshape(builder, loc, bias, channels);
  SmallVector<OpFoldResult> sizes = {builder.getIndexAttr(phases), builder.getIndexAttr(channels)};
  Value repeated = buildElementwise(builder, loc, flat, sizes, getElementType(bias),
                                    [](OpBuilder &, Location, ValueRange args) { return args[0]; });
  return createReshape(builder, loc, repeated, phases * channels);
}

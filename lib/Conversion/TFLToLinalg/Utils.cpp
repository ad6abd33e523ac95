//===- Utils.cpp - building blocks of lowerings ---------------------------===//
//
// Part of tflc, under the Apache License 2.0.
//
//===----------------------------------------------------------------------===//

#include "Utils.h"

#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/Complex/IR/Complex.h"
#include "mlir/Dialect/Tensor/IR/Tensor.h"
#include "mlir/IR/Matchers.h"
#include "llvm/ADT/StringSwitch.h"

#include <limits>

using namespace mlir;
using namespace tflc;

//===----------------------------------------------------------------------===//
// Types
//===----------------------------------------------------------------------===//

Type tflc::getElementType(Value value) {
  return cast<ShapedType>(value.getType()).getElementType();
}

quant::UniformQuantizedType tflc::getUniform(Type tensorType) {
  return dyn_cast<quant::UniformQuantizedType>(getElementTypeOrSelf(tensorType));
}

bool tflc::isUnsignedElement(Type elementType) {
  if (auto quantized = dyn_cast<quant::QuantizedType>(elementType))
    return !quantized.isSigned();
  return elementType.isUnsignedInteger() || elementType.isInteger(1);
}

//===----------------------------------------------------------------------===//
// Constants and scalars
//===----------------------------------------------------------------------===//

DenseElementsAttr tflc::matchConstant(Value value) {
  DenseElementsAttr elements;
  return value && matchPattern(value, m_Constant(&elements)) ? elements : DenseElementsAttr();
}

std::optional<SmallVector<int64_t>> tflc::matchConstantInts(Value value) {
  DenseElementsAttr elements = matchConstant(value);
  if (!elements || !elements.getElementType().isIntOrIndex())
    return std::nullopt;
  return llvm::map_to_vector(elements.getValues<APInt>(),
                             [](const APInt &element) { return element.getSExtValue(); });
}

Value tflc::createInt(OpBuilder &builder, Location loc, Type type, int64_t value) {
  return arith::ConstantOp::create(builder, loc, builder.getIntegerAttr(type, value));
}

Value tflc::createFloat(OpBuilder &builder, Location loc, Type type, double value) {
  return arith::ConstantOp::create(builder, loc, builder.getFloatAttr(type, value));
}

Value tflc::createZero(OpBuilder &builder, Location loc, Type type) {
  if (auto complex = dyn_cast<ComplexType>(type)) {
    Attribute part = builder.getZeroAttr(complex.getElementType());
    return complex::ConstantOp::create(builder, loc, type, builder.getArrayAttr({part, part}));
  }
  return arith::ConstantOp::create(builder, loc, builder.getZeroAttr(type));
}

Value tflc::extendInt(OpBuilder &builder, Location loc, Value value, Type modelType, Type type) {
  if (value.getType() == type)
    return value;
  if (isUnsignedElement(modelType))
    return arith::ExtUIOp::create(builder, loc, type, value);
  return arith::ExtSIOp::create(builder, loc, type, value);
}

std::optional<std::pair<double, double>> tflc::getActivationRange(StringRef activation) {
  constexpr double infinity = std::numeric_limits<double>::infinity();
  using Range = std::optional<std::pair<double, double>>;
  return llvm::StringSwitch<Range>(activation)
      .Case("NONE", Range({-infinity, infinity}))
      .Case("RELU", Range({0.0, infinity}))
      .Case("RELU6", Range({0.0, 6.0}))
      .Case("RELU_N1_TO_1", Range({-1.0, 1.0}))
      .Default(std::nullopt);
}

Value tflc::clampFloat(OpBuilder &builder, Location loc, Value value, StringRef activation) {
  auto [min, max] = *getActivationRange(activation);
  if (value.getType().isF32()) {
    constexpr double largest = std::numeric_limits<float>::max();
    min = std::max(min, -largest);
    max = std::min(max, largest);
  }
  if (std::isfinite(min))
    value = arith::MaximumFOp::create(builder, loc, value,
                                      createFloat(builder, loc, value.getType(), min));
  if (std::isfinite(max))
    value = arith::MinimumFOp::create(builder, loc, value,
                                      createFloat(builder, loc, value.getType(), max));
  return value;
}

Value tflc::clampInt(OpBuilder &builder, Location loc, Value value, int64_t min, int64_t max) {
  value =
      arith::MaxSIOp::create(builder, loc, value, createInt(builder, loc, value.getType(), min));
  return arith::MinSIOp::create(builder, loc, value, createInt(builder, loc, value.getType(), max));
}

//===----------------------------------------------------------------------===//
// Tensors
//===----------------------------------------------------------------------===//

Value tflc::createEmpty(OpBuilder &builder, Location loc, ArrayRef<OpFoldResult> sizes,
                        Type elementType) {
  return tensor::EmptyOp::create(builder, loc, sizes, elementType);
}

Value tflc::createFilled(OpBuilder &builder, Location loc, ArrayRef<OpFoldResult> sizes,
                         Value scalar) {
  Value empty = createEmpty(builder, loc, sizes, scalar.getType());
  return linalg::FillOp::create(builder, loc, scalar, empty).getResult(0);
}

AffineMap tflc::getBroadcastMap(RankedTensorType type, ArrayRef<OpFoldResult> sizes) {
  Builder builder(type.getContext());
  int64_t rank = sizes.size();
  SmallVector<AffineExpr> exprs;
  for (auto [i, size] : llvm::enumerate(type.getShape())) {
    int64_t dim = rank - type.getRank() + i;
    // Where nothing is repeated the map stays a permutation, which fusion looks for.
    bool repeated = size == 1 && !isOneInteger(sizes[dim]);
    exprs.push_back(repeated ? builder.getAffineConstantExpr(0) : builder.getAffineDimExpr(dim));
  }
  return AffineMap::get(rank, 0, exprs, type.getContext());
}

SmallVector<OpFoldResult> tflc::getBroadcastSizes(OpBuilder &builder, Location loc,
                                                  ValueRange values) {
  int64_t rank = 0;
  for (Value value : values)
    rank = std::max(rank, cast<RankedTensorType>(value.getType()).getRank());
  SmallVector<OpFoldResult> sizes(rank, builder.getIndexAttr(1));
  SmallVector<bool> isKnown(rank, false);
  for (Value value : values) {
    auto type = cast<RankedTensorType>(value.getType());
    for (int64_t i = 0; i < type.getRank(); ++i) {
      int64_t dim = rank - type.getRank() + i;
      // A known size is better than the same size read at run time.
      if (isKnown[dim] || type.getDimSize(i) == 1)
        continue;
      sizes[dim] = tensor::getMixedSize(builder, loc, value, i);
      isKnown[dim] = !type.isDynamicDim(i);
    }
  }
  return sizes;
}

Value tflc::buildElementwise(OpBuilder &builder, Location loc, ValueRange inputs,
                             ArrayRef<AffineMap> maps, ArrayRef<OpFoldResult> sizes,
                             Type elementType, BodyBuilder body) {
  Value init = createEmpty(builder, loc, sizes, elementType);
  SmallVector<AffineMap> allMaps(maps);
  allMaps.push_back(builder.getMultiDimIdentityMap(sizes.size()));
  SmallVector<utils::IteratorType> iterators(sizes.size(), utils::IteratorType::parallel);
  auto generic = linalg::GenericOp::create(
      builder, loc, init.getType(), inputs, init, allMaps, iterators,
      [&](OpBuilder &nested, Location nestedLoc, ValueRange args) {
        linalg::YieldOp::create(nested, nestedLoc, body(nested, nestedLoc, args.drop_back()));
      });
  return generic.getResult(0);
}

Value tflc::buildElementwise(OpBuilder &builder, Location loc, ValueRange inputs,
                             ArrayRef<OpFoldResult> sizes, Type elementType, BodyBuilder body) {
  SmallVector<AffineMap> maps;
  for (Value input : inputs)
    maps.push_back(getBroadcastMap(cast<RankedTensorType>(input.getType()), sizes));
  return buildElementwise(builder, loc, inputs, maps, sizes, elementType, body);
}

Value tflc::castTo(OpBuilder &builder, Location loc, Value value, Type type) {
  if (value.getType() == type)
    return value;
  return tensor::CastOp::create(builder, loc, type, value);
}

void tflc::replaceWithCast(RewriterBase &rewriter, Operation *op, Value value,
                           const TypeConverter &converter) {
  Type type = converter.convertType(op->getResult(0).getType());
  rewriter.replaceOp(op, castTo(rewriter, op->getLoc(), value, type));
}

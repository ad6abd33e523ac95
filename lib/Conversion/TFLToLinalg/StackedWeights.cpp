//===- StackedWeights.cpp - weights of several gates at once --------------===//
//
// Part of tflc, under the Apache License 2.0.
//
//===----------------------------------------------------------------------===//

#include "StackedWeights.h"

#include "DataMovement.h"
#include "DynamicRange.h"
#include "IndexMath.h"
#include "TFL/IR/ElementTypes.h"
#include "Utils.h"

#include "mlir/Dialect/Tensor/IR/Tensor.h"
#include "llvm/Support/MathExtras.h"

using namespace mlir;
using namespace tflc;

//===----------------------------------------------------------------------===//
// Stacking
//===----------------------------------------------------------------------===//

/// The constants in a row, or null where not all of them are constant.
static DenseElementsAttr stackConstants(ArrayRef<Value> tensors, RankedTensorType type) {
  SmallVector<char> bytes;
  for (Value tensor : tensors) {
    DenseElementsAttr elements = matchConstant(tensor);
    if (!elements)
      return {};
    ArrayRef<char> raw = elements.getRawData();
    if (!elements.isSplat()) {
      llvm::append_range(bytes, raw);
      continue;
    }
    for (int64_t i = 0, end = elements.getNumElements(); i < end; ++i)
      llvm::append_range(bytes, raw);
  }
  return DenseElementsAttr::getFromRawBuffer(type, bytes);
}

Value tflc::stackTensors(OpBuilder &builder, Location loc, ValueRange tensors) {
  if (tensors.size() == 1)
    return tensors[0];
  auto first = cast<RankedTensorType>(tensors[0].getType());
  SmallVector<int64_t> shape(first.getShape());
  shape[0] = 0;
  for (Value tensor : tensors)
    shape[0] += cast<RankedTensorType>(tensor.getType()).getDimSize(0);
  auto type = RankedTensorType::get(shape, first.getElementType());
  if (DenseElementsAttr constant = stackConstants(llvm::to_vector(tensors), type))
    return arith::ConstantOp::create(builder, loc, constant);

  Value result = createEmpty(builder, loc, getAsIndexOpFoldResult(builder.getContext(), shape),
                             type.getElementType());
  SmallVector<OpFoldResult> strides(shape.size(), builder.getIndexAttr(1));
  int64_t row = 0;
  for (Value tensor : tensors) {
    SmallVector<OpFoldResult> offsets(shape.size(), builder.getIndexAttr(0));
    offsets[0] = builder.getIndexAttr(row);
    row += cast<RankedTensorType>(tensor.getType()).getDimSize(0);
    result = tensor::InsertSliceOp::create(builder, loc, tensor, result, offsets,
                                           tensor::getMixedSizes(builder, loc, tensor), strides);
  }
  return result;
}

Value tflc::extractColumns(OpBuilder &builder, Location loc, Value matrix, unsigned index,
                           unsigned count) {
  if (count == 1)
    return matrix;
  SmallVector<OpFoldResult> sizes = tensor::getMixedSizes(builder, loc, matrix);
  int64_t size = cast<RankedTensorType>(matrix.getType()).getDimSize(1) / count;
  sizes[1] = builder.getIndexAttr(size);
  return sliceTensor(builder, loc, matrix,
                     {builder.getIndexAttr(0), builder.getIndexAttr(index * size)}, sizes);
}

Value tflc::createColumnTable(OpBuilder &builder, Location loc, ArrayRef<Attribute> values,
                              ArrayRef<int64_t> sizes) {
  auto element = cast<TypedAttr>(values[0]);
  if (llvm::all_equal(values))
    return arith::ConstantOp::create(builder, loc, element);
  SmallVector<Attribute> columns;
  for (auto [value, size] : llvm::zip_equal(values, sizes))
    columns.append(size, value);
  auto type = RankedTensorType::get({int64_t(columns.size())}, element.getType());
  return arith::ConstantOp::create(builder, loc, DenseElementsAttr::get(type, columns));
}

/// All dimensions but the last one, and that one.
static SmallVector<ReassociationIndices> groupRows(int64_t rank) {
  return {llvm::to_vector(llvm::seq<int64_t>(0, rank - 1)), {rank - 1}};
}

Value tflc::flattenRows(OpBuilder &builder, Location loc, Value value) {
  int64_t rank = cast<RankedTensorType>(value.getType()).getRank();
  if (rank == 2)
    return value;
  return tensor::CollapseShapeOp::create(builder, loc, value, groupRows(rank));
}

Value tflc::createRows(OpBuilder &builder, Location loc, Value value,
                       llvm::function_ref<Value(Value)> createProduct) {
  Value product = createProduct(flattenRows(builder, loc, value));
  auto type = cast<RankedTensorType>(value.getType());
  if (type.getRank() == 2)
    return product;
  auto productType = cast<RankedTensorType>(product.getType());
  SmallVector<int64_t> shape(type.getShape());
  shape.back() = productType.getDimSize(1);
  SmallVector<OpFoldResult> sizes = tensor::getMixedSizes(builder, loc, value);
  sizes.back() = builder.getIndexAttr(shape.back());
  return tensor::ExpandShapeOp::create(builder, loc, productType.clone(shape), product,
                                       groupRows(type.getRank()), sizes);
}

//===----------------------------------------------------------------------===//
// Products
//===----------------------------------------------------------------------===//

StackedWeights::StackedWeights(OpBuilder &builder, Location loc, ValueRange weights)
    : matrix(stackTensors(builder, loc, weights)) {}

bool StackedWeights::isFloat() const { return isa<FloatType>(getType().getElementType()); }

Value StackedWeights::createProductOnto(OpBuilder &builder, Location loc, Value rows,
                                        Value init) const {
  Type type = getElementType(init);
  AffineMap all = builder.getMultiDimIdentityMap(3);
  SmallVector<AffineMap> maps = {all.getSubMap({0, 2}), all.getSubMap({1, 2}),
                                 all.getMajorSubMap(2)};
  SmallVector<utils::IteratorType> iterators = {
      utils::IteratorType::parallel, utils::IteratorType::parallel, utils::IteratorType::reduction};
  return linalg::GenericOp::create(builder, loc, init.getType(), ValueRange{rows, matrix}, init,
                                   maps, iterators,
                                   [&](OpBuilder &nested, Location at, ValueRange args) {
                                     ScalarBuilder b(nested, at);
                                     auto widen = [&](Value value) {
                                       return isa<FloatType>(type) ? value : b.resize(value, type);
                                     };
                                     Value product = b.mul(widen(args[0]), widen(args[1]));
                                     linalg::YieldOp::create(nested, at, b.add(args[2], product));
                                   })
      .getResult(0);
}

Value StackedWeights::createProduct(OpBuilder &builder, Location loc, Value rows) const {
  SmallVector<OpFoldResult> sizes = {tensor::getMixedSize(builder, loc, rows, 0),
                                     builder.getIndexAttr(getSize())};
  Type type = isFloat() ? getType().getElementType() : builder.getI32Type();
  return createProductOnto(builder, loc, rows,
                           createFilled(builder, loc, sizes, createZero(builder, loc, type)));
}

Value StackedWeights::createProduct(OpBuilder &builder, Location loc, Value rows, Value bias,
                                    Value destination) const {
  return createProductOnto(builder, loc, rows,
                           Elements::read(bias).create(builder, loc, destination));
}

std::optional<int32_t> StackedWeights::boundProduct(Value bias) const {
  DenseElementsAttr weights = matchConstant(matrix), start = matchConstant(bias);
  if (!weights || !start || !weights.getElementType().isInteger(8))
    return std::nullopt;
  constexpr int64_t mostInput = 128;
  int64_t depth = getType().getDimSize(1), bound = 0, index = 0;
  auto values = weights.getValues<int8_t>();
  for (int64_t first : start.getValues<int32_t>()) {
    int64_t sum = std::abs(first);
    for (int64_t end = index + depth; index < end; ++index)
      sum += mostInput * std::abs(int64_t(values[index]));
    bound = std::max(bound, sum);
  }
  return llvm::isInt<32>(bound) ? std::optional<int32_t>(bound) : std::nullopt;
}

Value StackedWeights::createSums(OpBuilder &builder, Location loc) const {
  Type i32 = builder.getI32Type();
  if (DenseElementsAttr elements = matchConstant(matrix)) {
    SmallVector<int32_t> sums(getSize(), 0);
    int64_t depth = getType().getDimSize(1);
    for (auto [index, value] : llvm::enumerate(elements.getValues<int8_t>()))
      sums[index / depth] += value;
    return arith::ConstantOp::create(
        builder, loc,
        DenseElementsAttr::get(RankedTensorType::get({getSize()}, i32), ArrayRef(sums)));
  }
  AffineMap identity = builder.getMultiDimIdentityMap(2);
  SmallVector<utils::IteratorType> iterators = {utils::IteratorType::parallel,
                                                utils::IteratorType::reduction};
  Value init = createFilled(builder, loc, {builder.getIndexAttr(getSize())},
                            createInt(builder, loc, i32, 0));
  SmallVector<AffineMap> maps = {identity, identity.getMajorSubMap(1)};
  return linalg::GenericOp::create(builder, loc, init.getType(), matrix, init, maps, iterators,
                                   [&](OpBuilder &nested, Location at, ValueRange args) {
                                     ScalarBuilder b(nested, at);
                                     Value sum = b.add(args[1], b.resize(args[0], i32));
                                     linalg::YieldOp::create(nested, at, sum);
                                   })
      .getResult(0);
}

Value tflc::createEffectiveBias(OpBuilder &builder, Location loc, const StackedWeights &weights,
                                Value bias, int32_t zeroPoint) {
  Value sums = weights.createSums(builder, loc);
  DenseElementsAttr constantSums = matchConstant(sums), constantBias = matchConstant(bias);
  if (constantSums && (!bias || constantBias)) {
    SmallVector<int32_t> values;
    for (int32_t sum : constantSums.getValues<int32_t>())
      values.push_back(int32_t(0u - uint32_t(zeroPoint) * uint32_t(sum)));
    if (bias)
      for (auto [value, addend] : llvm::zip_equal(values, constantBias.getValues<int32_t>()))
        value = int32_t(uint32_t(value) + uint32_t(addend));
    return arith::ConstantOp::create(
        builder, loc, DenseElementsAttr::get(constantSums.getType(), ArrayRef(values)));
  }
  SmallVector<Value> inputs = {sums};
  if (bias)
    inputs.push_back(bias);
  return buildElementwise(builder, loc, inputs, tensor::getMixedSizes(builder, loc, sums),
                          builder.getI32Type(),
                          [&](OpBuilder &nested, Location at, ValueRange args) {
                            ScalarBuilder b(nested, at);
                            Value value = b.mul(args[0], b.integer(b.i32(), -int64_t(zeroPoint)));
                            return bias ? b.add(value, args[1]) : value;
                          });
}

//===----------------------------------------------------------------------===//
// Rows of floats
//===----------------------------------------------------------------------===//

RowProduct::RowProduct(OpBuilder &builder, Location loc, ValueRange models, ValueRange converted,
                       bool isAsymmetric)
    : weights(builder, loc, converted), isAsymmetric(isAsymmetric) {
  if (weights.isFloat())
    return;
  SmallVector<Attribute> values;
  SmallVector<int64_t> sizes;
  for (Value model : models) {
    auto type = cast<RankedTensorType>(model.getType());
    values.push_back(builder.getF32FloatAttr(tfl::getQuantization(type)->scales[0]));
    sizes.push_back(type.getDimSize(0));
  }
  scales = createColumnTable(builder, loc, values, sizes);
  if (isAsymmetric)
    sums = weights.createSums(builder, loc);
}

Elements RowProduct::createElements(OpBuilder &builder, Location loc, Value rows,
                                    Value addend) const {
  if (weights.isFloat()) {
    Elements product = Elements::read(weights.createProduct(builder, loc, rows));
    return addend ? product + Elements::read(addend) : product;
  }
  RowQuantization quantization =
      createRowQuantization(builder, loc, rows, /*rowRank=*/1, !isAsymmetric);
  Value product =
      weights.createProduct(builder, loc, createQuantizedRows(builder, loc, rows, quantization));
  SmallVector<Elements> parts = {Elements::read(product), Elements::readRows(quantization.scales)};
  bool hasScalarScale = !isa<RankedTensorType>(scales.getType());
  if (!hasScalarScale)
    parts.push_back(Elements::read(scales));
  if (isAsymmetric)
    parts.append({Elements::readRows(quantization.zeroPoints), Elements::read(sums)});
  Elements scaled =
      Elements::combine(parts, [hasScalarScale, scales = scales,
                                isAsymmetric = isAsymmetric](ScalarBuilder &b, ValueRange args) {
        Value sum = args[0], rowScale = args[1];
        args = args.drop_front(2);
        Value scale = scales;
        if (!hasScalarScale) {
          scale = args.front();
          args = args.drop_front();
        }
        if (isAsymmetric)
          sum = b.sub(sum, b.mul(args[0], args[1]));
        return b.mul(b.emit<arith::SIToFPOp>(b.f32(), sum), b.mul(rowScale, scale));
      });
  return addend ? scaled + Elements::read(addend) : scaled;
}

Value RowProduct::create(OpBuilder &builder, Location loc, Value rows, Value addend) const {
  SmallVector<OpFoldResult> sizes = {tensor::getMixedSize(builder, loc, rows, 0),
                                     builder.getIndexAttr(weights.getSize())};
  Value destination = createEmpty(builder, loc, sizes, builder.getF32Type());
  if (weights.isFloat() && !addend)
    return weights.createProduct(builder, loc, rows);
  if (weights.isFloat() && cast<RankedTensorType>(addend.getType()).getRank() == 1)
    return weights.createProduct(builder, loc, rows, addend, destination);
  return createElements(builder, loc, rows, addend).create(builder, loc, destination);
}

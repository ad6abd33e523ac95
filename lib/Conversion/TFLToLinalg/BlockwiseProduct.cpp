//===- BlockwiseProduct.cpp - weights with a scale for each block ---------===//
//
// Part of tflc, under the Apache License 2.0.
//
// Integers are added up within a block, and floats over blocks. So the product becomes one integer
// product for each block, all in one contraction, and one sum of floats over blocks.
//
//===----------------------------------------------------------------------===//

#include "BlockwiseProduct.h"

#include "DynamicRange.h"
#include "Product.h"
#include "Utils.h"

#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/Linalg/IR/Linalg.h"
#include "mlir/Dialect/Tensor/IR/Tensor.h"

using namespace mlir;
using namespace tflc;

namespace {
/// One product: m rows, n columns, `count` blocks of `size` elements.
struct BlockwiseProduct {
  OpBuilder &b;
  Location loc;
  DenseElementsAttr weights;
  DenseElementsAttr scales;
  int64_t columns, count, size;

  Value createBlockSums(Value rows);
  Value addBlocks(Value sums);
  Value createZeroPointFactors();
};
} // namespace

/// i32 [count, m, n]: for each block the sums of the products of its bytes.
Value BlockwiseProduct::createBlockSums(Value rows) {
  auto rowsType = cast<RankedTensorType>(rows.getType());
  OpFoldResult m = tensor::getMixedSize(b, loc, rows, 0);
  SmallVector<ReassociationIndices> groups = {{0}, {1, 2}};
  rows =
      tensor::ExpandShapeOp::create(b, loc, rowsType.clone({rowsType.getDimSize(0), count, size}),
                                    rows, groups, {m, b.getIndexAttr(count), b.getIndexAttr(size)});
  Value constant = arith::ConstantOp::create(
      b, loc, weights.reshape(weights.getType().clone({columns, count, size})));
  Type i32 = b.getI32Type();
  SmallVector<OpFoldResult> sizes = {b.getIndexAttr(count), m, b.getIndexAttr(columns)};
  Value init = createFilled(b, loc, sizes, createZero(b, loc, i32));
  AffineMap all = b.getMultiDimIdentityMap(4); // block, row, column, element
  SmallVector<AffineMap> maps = {all.getSubMap({1, 0, 3}), all.getSubMap({2, 0, 3}),
                                 all.getMajorSubMap(3)};
  SmallVector<utils::IteratorType> iterators(3, utils::IteratorType::parallel);
  iterators.push_back(utils::IteratorType::reduction);
  return linalg::GenericOp::create(
             b, loc, init.getType(), ValueRange{rows, constant}, init, maps, iterators,
             [&](OpBuilder &b, Location loc, ValueRange args) {
               Value lhs = arith::ExtSIOp::create(b, loc, i32, args[0]);
               Value rhs = arith::ExtSIOp::create(b, loc, i32, args[1]);
               Value product = arith::MulIOp::create(b, loc, lhs, rhs);
               linalg::YieldOp::create(b, loc,
                                       arith::AddIOp::create(b, loc, args[2], product).getResult());
             })
      .getResult(0);
}

/// f32 [m, n]: the sums of all blocks, each times the scale of its block.
Value BlockwiseProduct::addBlocks(Value sums) {
  // Columns are neighbours in the sums, and so in the scales.
  SmallVector<float> byBlock(count * columns);
  for (auto [i, scale] : llvm::enumerate(scales.getValues<float>()))
    byBlock[i % count * columns + i / count] = scale;
  Type f32 = b.getF32Type();
  Value factors =
      arith::ConstantOp::create(b, loc,
                                DenseElementsAttr::get(RankedTensorType::get({count, columns}, f32),
                                                       ArrayRef<float>(byBlock)));
  SmallVector<OpFoldResult> sizes = {tensor::getMixedSize(b, loc, sums, 1),
                                     b.getIndexAttr(columns)};
  Value init = createFilled(b, loc, sizes, createZero(b, loc, f32));
  AffineMap all = b.getMultiDimIdentityMap(3); // row, column, block
  SmallVector<AffineMap> maps = {all.getSubMap({2, 0, 1}), all.getSubMap({2, 1}),
                                 all.getMajorSubMap(2)};
  SmallVector<utils::IteratorType> iterators = {
      utils::IteratorType::parallel, utils::IteratorType::parallel, utils::IteratorType::reduction};
  return linalg::GenericOp::create(
             b, loc, init.getType(), ValueRange{sums, factors}, init, maps, iterators,
             [&](OpBuilder &b, Location loc, ValueRange args) {
               Value sum = arith::SIToFPOp::create(b, loc, f32, args[0]);
               Value product = arith::MulFOp::create(b, loc, sum, args[1]);
               linalg::YieldOp::create(b, loc,
                                       arith::AddFOp::create(b, loc, args[2], product).getResult());
             })
      .getResult(0);
}

/// f32 [n]: what one step of a row's zero point adds to each column.
Value BlockwiseProduct::createZeroPointFactors() {
  SmallVector<float> factors(columns, 0);
  auto weight = weights.value_begin<int8_t>();
  auto scale = scales.value_begin<float>();
  for (float &factor : factors)
    for (int64_t block = 0; block < count; ++block, ++scale) {
      int32_t sum = 0;
      for (int64_t i = 0; i < size; ++i, ++weight)
        sum += *weight;
      factor += *scale * static_cast<float>(sum);
    }
  return arith::ConstantOp::create(
      b, loc,
      DenseElementsAttr::get(RankedTensorType::get({columns}, b.getF32Type()),
                             ArrayRef<float>(factors)));
}

Value tflc::createBlockwiseProduct(OpBuilder &builder, Location loc, Value rows,
                                   DenseElementsAttr weights, const tfl::BlockQuantization &blocks,
                                   Value bias, StringRef activation) {
  ArrayRef<int64_t> shape = blocks.scales.getType().getShape();
  BlockwiseProduct product{builder,  loc,      weights,         blocks.scales,
                           shape[0], shape[1], blocks.blockSize};
  RowQuantization quantization =
      createRowQuantization(builder, loc, rows, /*rowRank=*/1, /*isSymmetric=*/false);
  Value bytes = createQuantizedRows(builder, loc, rows, quantization);
  Value sums = product.addBlocks(product.createBlockSums(bytes));

  AffineMap all = builder.getMultiDimIdentityMap(2);
  AffineMap byRow = all.getMajorSubMap(1), byColumn = all.getMinorSubMap(1);
  SmallVector<Value> inputs = {sums, quantization.scales, quantization.zeroPoints,
                               product.createZeroPointFactors()};
  SmallVector<AffineMap> maps = {all, byRow, byRow, byColumn};
  if (bias) {
    inputs.push_back(createReshape(builder, loc, bias, {product.columns}));
    maps.push_back(byColumn);
  }
  Type f32 = builder.getF32Type();
  return buildElementwise(builder, loc, inputs, maps, tensor::getMixedSizes(builder, loc, sums),
                          f32, [&](OpBuilder &b, Location loc, ValueRange args) {
                            Value zeroPoint = arith::SIToFPOp::create(b, loc, f32, args[2]);
                            Value offset = arith::MulFOp::create(b, loc, zeroPoint, args[3]);
                            Value value = arith::SubFOp::create(b, loc, args[0], offset);
                            value = arith::MulFOp::create(b, loc, value, args[1]);
                            if (bias)
                              value = arith::AddFOp::create(b, loc, value, args[4]);
                            return createFloatActivation(b, loc, value, activation);
                          });
}

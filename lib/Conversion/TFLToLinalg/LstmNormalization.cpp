//===- LstmNormalization.cpp - layer normalization of words ---------------===//
//
// Part of tflc, under the Apache License 2.0.
//
//===----------------------------------------------------------------------===//

#include "LstmNormalization.h"

#include "FixedPoint.h"
#include "Utils.h"
#include "WordFunctions.h"

#include "mlir/Dialect/Math/IR/Math.h"
#include "mlir/Dialect/Tensor/IR/Tensor.h"

using namespace mlir;
using namespace tflc;

/// The quotient of a signed division by a positive constant, towards zero.
static Value divide(ScalarBuilder &b, Value value, int64_t divisor) {
  return b.emit<arith::DivSIOp>(value, b.integer(value.getType(), divisor));
}

/// Sums what `term` makes of the elements of each row, in 64 bits.
static Value sumRows(OpBuilder &builder, Location loc, Value words,
                     llvm::function_ref<Value(ScalarBuilder &, Value)> term) {
  AffineMap identity = builder.getMultiDimIdentityMap(2);
  SmallVector<AffineMap> maps = {identity, identity.getMajorSubMap(1)};
  SmallVector<utils::IteratorType> iterators = {utils::IteratorType::parallel,
                                                utils::IteratorType::reduction};
  Value init = createFilled(builder, loc, tensor::getMixedSize(builder, loc, words, 0),
                            createInt(builder, loc, builder.getI64Type(), 0));
  return linalg::GenericOp::create(builder, loc, init.getType(), words, init, maps, iterators,
                                   [&](OpBuilder &nested, Location at, ValueRange args) {
                                     ScalarBuilder b(nested, at);
                                     Value value = term(b, b.resize(args[0], b.i32()));
                                     Value sum = b.add(args[1], b.resize(value, b.i64()));
                                     linalg::YieldOp::create(nested, at, sum);
                                   })
      .getResult(0);
}

//===----------------------------------------------------------------------===//
// Normalization
//===----------------------------------------------------------------------===//

Elements tflc::normalizeWords(OpBuilder &builder, Location loc, Value words, Value weights,
                              Value bias, FixedPointMultiplier multiplier, int32_t leastVariance) {
  constexpr int64_t squareOfThousand = 1 << 20;
  int64_t count = cast<RankedTensorType>(words.getType()).getDimSize(1);
  Value sums = sumRows(builder, loc, words, [](ScalarBuilder &, Value value) { return value; });
  Value squares = sumRows(builder, loc, words,
                          [](ScalarBuilder &b, Value value) { return b.mul(value, value); });
  OpFoldResult rows = tensor::getMixedSize(builder, loc, words, 0);
  Type i32 = builder.getI32Type();
  auto perRow = [&](ValueRange inputs,
                    llvm::function_ref<Value(ScalarBuilder &, ValueRange)> function) {
    return buildElementwise(builder, loc, inputs, rows, i32,
                            [&](OpBuilder &nested, Location at, ValueRange args) {
                              ScalarBuilder b(nested, at);
                              return function(b, args);
                            });
  };
  Value means = perRow(sums, [&](ScalarBuilder &b, ValueRange args) {
    return b.resize(divide(b, b.shiftLeft(args[0], 10), count), i32);
  });
  Value variances = perRow({squares, means}, [&](ScalarBuilder &b, ValueRange args) {
    Value mean = b.resize(args[1], b.i64());
    Value scaled = b.mul(args[0], b.integer(b.i64(), squareOfThousand / count));
    Value variance = b.resize(divide(b, b.sub(scaled, b.mul(mean, mean)), squareOfThousand), i32);
    Value isPositive = b.compare(arith::CmpIPredicate::sge, variance, b.integer(i32, 1));
    return b.select(isPositive, variance, b.integer(i32, leastVariance));
  });
  Value mantissas = perRow(
      variances, [](ScalarBuilder &b, ValueRange args) { return emitInverseRoot(b, args[0]); });
  // To the right here.
  Value shifts = perRow(variances, [](ScalarBuilder &b, ValueRange args) {
    return b.sub(b.integer(b.i32(), 0), emitInverseRootShift(b, args[0]));
  });
  return Elements::combine(
      {Elements::read(words), Elements::readRows(means), Elements::readRows(mantissas),
       Elements::readRows(shifts), Elements::read(weights), Elements::read(bias)},
      [multiplier](ScalarBuilder &b, ValueRange args) {
        Type i32 = b.i32(), i64 = b.i64();
        Value centered = b.sub(b.shiftLeft(b.resize(args[0], i32), 10), args[1]);
        Value normal = divideByPowerOfTwo(b, multiplyHigh(b, centered, args[2]), args[3]);
        // Wraps around in 32 bits, like the reference.
        Value weighted = b.add(b.mul(normal, b.resize(args[4], i32)), args[5]);
        Value wide = b.resize(weighted, i64);
        Value isPositive = b.compare(arith::CmpIPredicate::sgt, weighted, b.integer(i32, 0));
        Value offset = b.select(isPositive, b.integer(i64, 512), b.integer(i64, -512));
        Value rounded = b.resize(divide(b, b.add(wide, offset), 1024), i32);
        return saturateWord(b, b.rescale(rounded, multiplier));
      });
}

//===- DynamicRange.cpp - activations quantized when they arrive ----------===//
//
// Part of tflc, under the Apache License 2.0.
//
//===----------------------------------------------------------------------===//

#include "DynamicRange.h"

#include "Utils.h"

#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/Math/IR/Math.h"
#include "mlir/Dialect/Tensor/IR/Tensor.h"

#include <cmath>

using namespace mlir;
using namespace tflc;

/// `a` where the comparison holds, otherwise `b`; so a NaN in `a` loses.
static Value choose(OpBuilder &builder, Location loc, arith::CmpFPredicate predicate, Value a,
                    Value b) {
  Value holds = arith::CmpFOp::create(builder, loc, predicate, a, b);
  return arith::SelectOp::create(builder, loc, holds, a, b);
}

/// The nearest integer, halves away from zero, of a number that fits the type with room to spare.
/// The largest number below a half is added, so that only what is truly half way crosses.
static Value roundToInt(OpBuilder &builder, Location loc, Value value, Type type) {
  double belowHalf =
      value.getType().isF32() ? double(std::nextafter(0.5f, 0.0f)) : std::nextafter(0.5, 0.0);
  Value offset = math::CopySignOp::create(
      builder, loc, createFloat(builder, loc, value.getType(), belowHalf), value);
  return arith::FPToSIOp::create(builder, loc, type,
                                 arith::AddFOp::create(builder, loc, value, offset));
}

/// Reduces each row from zero by `body(element, result so far)`.
static Value reduceRows(OpBuilder &builder, Location loc, Value input, int64_t rowRank,
                        llvm::function_ref<Value(OpBuilder &, Location, Value, Value)> body) {
  SmallVector<OpFoldResult> sizes = tensor::getMixedSizes(builder, loc, input);
  int64_t rank = sizes.size();
  SmallVector<utils::IteratorType> iterators(rank, utils::IteratorType::reduction);
  std::fill_n(iterators.begin(), rowRank, utils::IteratorType::parallel);
  Value init = createFilled(builder, loc, ArrayRef(sizes).take_front(rowRank),
                            createFloat(builder, loc, builder.getF32Type(), 0));
  SmallVector<AffineMap> maps = {builder.getMultiDimIdentityMap(rank),
                                 builder.getMultiDimIdentityMap(rank).getMajorSubMap(rowRank)};
  auto generic = linalg::GenericOp::create(
      builder, loc, init.getType(), input, init, maps, iterators,
      [&](OpBuilder &nested, Location nestedLoc, ValueRange args) {
        linalg::YieldOp::create(nested, nestedLoc, body(nested, nestedLoc, args[0], args[1]));
      });
  return generic.getResult(0);
}

static RowQuantization createSymmetric(OpBuilder &builder, Location loc, Value input,
                                       int64_t rowRank) {
  Type f32 = builder.getF32Type();
  Value range =
      reduceRows(builder, loc, input, rowRank,
                 [](OpBuilder &builder, Location loc, Value element, Value result) {
                   Value magnitude = math::AbsFOp::create(builder, loc, element);
                   return choose(builder, loc, arith::CmpFPredicate::OGT, magnitude, result);
                 });
  SmallVector<OpFoldResult> rows = tensor::getMixedSizes(builder, loc, range);
  Value limit = createFloat(builder, loc, f32, 127), zero = createFloat(builder, loc, f32, 0),
        one = createFloat(builder, loc, f32, 1);
  auto perRow = [&](bool inverse) {
    return buildElementwise(
        builder, loc, range, rows, f32, [&](OpBuilder &builder, Location loc, ValueRange args) {
          Value isZero =
              arith::CmpFOp::create(builder, loc, arith::CmpFPredicate::OEQ, args[0], zero);
          Value quotient = inverse ? arith::DivFOp::create(builder, loc, limit, args[0])
                                   : arith::DivFOp::create(builder, loc, args[0], limit);
          return arith::SelectOp::create(builder, loc, isZero, inverse ? zero : one, quotient)
              .getResult();
        });
  };
  RowQuantization result;
  result.scales = perRow(/*inverse=*/false);
  result.inverses = perRow(/*inverse=*/true);
  return result;
}

static RowQuantization createAsymmetric(OpBuilder &builder, Location loc, Value input,
                                        int64_t rowRank) {
  Type f32 = builder.getF32Type(), f64 = builder.getF64Type(), i32 = builder.getI32Type();
  auto reduce = [&](arith::CmpFPredicate predicate) {
    return reduceRows(builder, loc, input, rowRank,
                      [=](OpBuilder &builder, Location loc, Value element, Value result) {
                        return choose(builder, loc, predicate, element, result);
                      });
  };
  Value min = reduce(arith::CmpFPredicate::OLT), max = reduce(arith::CmpFPredicate::OGT);
  SmallVector<OpFoldResult> rows = tensor::getMixedSizes(builder, loc, min);
  auto number = [&](double value) { return createFloat(builder, loc, f64, value); };
  Value steps = number(255), lowest = number(-128), highest = number(127), zero = number(0),
        one = number(1);
  // The step in double; one for a row of zeros, so that nothing is divided by zero.
  auto getStep = [=](OpBuilder &builder, Location loc, Value low, Value high) -> Value {
    Value width = arith::SubFOp::create(builder, loc, high, low);
    Value isZero = arith::CmpFOp::create(builder, loc, arith::CmpFPredicate::OEQ, width, zero);
    Value step = arith::DivFOp::create(builder, loc, width, steps);
    return arith::SelectOp::create(builder, loc, isZero, one, step);
  };
  auto widen = [=](OpBuilder &builder, Location loc, ValueRange args) {
    return std::pair<Value, Value>(arith::ExtFOp::create(builder, loc, f64, args[0]),
                                   arith::ExtFOp::create(builder, loc, f64, args[1]));
  };

  RowQuantization result;
  result.scales = buildElementwise(
      builder, loc, {min, max}, rows, f32, [&](OpBuilder &builder, Location loc, ValueRange args) {
        auto [low, high] = widen(builder, loc, args);
        return arith::TruncFOp::create(builder, loc, f32, getStep(builder, loc, low, high))
            .getResult();
      });
  // The reciprocal is that of the rounded scale.
  result.inverses =
      buildElementwise(builder, loc, result.scales, rows, f32,
                       [&](OpBuilder &builder, Location loc, ValueRange args) {
                         Value scale = arith::ExtFOp::create(builder, loc, f64, args[0]);
                         Value inverse = arith::DivFOp::create(builder, loc, one, scale);
                         return arith::TruncFOp::create(builder, loc, f32, inverse).getResult();
                       });
  result.zeroPoints = buildElementwise(
      builder, loc, {min, max}, rows, i32, [&](OpBuilder &builder, Location loc, ValueRange args) {
        auto [low, high] = widen(builder, loc, args);
        Value step = getStep(builder, loc, low, high);
        Value below = arith::DivFOp::create(builder, loc, low, step);
        Value above = arith::DivFOp::create(builder, loc, high, step);
        Value fromMin = arith::SubFOp::create(builder, loc, lowest, below);
        Value fromMax = arith::SubFOp::create(builder, loc, highest, above);
        // The errors are 128 + |min / step| and 127 + |max / step|; min is not positive, max is
        // not negative.
        Value minError = arith::SubFOp::create(builder, loc, number(128), below);
        Value maxError = arith::AddFOp::create(builder, loc, highest, above);
        Value useMin =
            arith::CmpFOp::create(builder, loc, arith::CmpFPredicate::OLT, minError, maxError);
        Value point = arith::SelectOp::create(builder, loc, useMin, fromMin, fromMax);
        point = choose(builder, loc, arith::CmpFPredicate::OGT, point, lowest);
        point = choose(builder, loc, arith::CmpFPredicate::OLT, point, highest);
        Value rounded = roundToInt(builder, loc, point, i32);
        Value isZero = arith::CmpFOp::create(builder, loc, arith::CmpFPredicate::OEQ, low, high);
        return arith::SelectOp::create(builder, loc, isZero, createInt(builder, loc, i32, 0),
                                       rounded)
            .getResult();
      });
  return result;
}

RowQuantization tflc::createRowQuantization(OpBuilder &builder, Location loc, Value input,
                                            int64_t rowRank, bool isSymmetric) {
  return isSymmetric ? createSymmetric(builder, loc, input, rowRank)
                     : createAsymmetric(builder, loc, input, rowRank);
}

Value tflc::createQuantizedRows(OpBuilder &builder, Location loc, Value input,
                                const RowQuantization &rows) {
  Type f32 = builder.getF32Type();
  SmallVector<OpFoldResult> sizes = tensor::getMixedSizes(builder, loc, input);
  AffineMap identity = builder.getMultiDimIdentityMap(sizes.size());
  AffineMap rowMap =
      identity.getMajorSubMap(cast<RankedTensorType>(rows.scales.getType()).getRank());
  SmallVector<Value> inputs = {input, rows.inverses};
  SmallVector<AffineMap> maps = {identity, rowMap};
  if (!rows.isSymmetric()) {
    inputs.push_back(rows.zeroPoints);
    maps.push_back(rowMap);
  }
  Value lowest = createFloat(builder, loc, f32, rows.isSymmetric() ? -127 : -128),
        highest = createFloat(builder, loc, f32, 127);
  return buildElementwise(
      builder, loc, inputs, maps, sizes, builder.getI8Type(),
      [&](OpBuilder &builder, Location loc, ValueRange args) {
        Value scaled = arith::MulFOp::create(builder, loc, args[0], args[1]);
        if (!rows.isSymmetric())
          scaled = arith::AddFOp::create(builder, loc, scaled,
                                         arith::SIToFPOp::create(builder, loc, f32, args[2]));
        // Limits are integers: clamping before or after rounding is the same, but now a NaN or an
        // infinity cannot reach the conversion.
        scaled = choose(builder, loc, arith::CmpFPredicate::OGT, scaled, lowest);
        scaled = choose(builder, loc, arith::CmpFPredicate::OLT, scaled, highest);
        return roundToInt(builder, loc, scaled, builder.getI8Type());
      });
}

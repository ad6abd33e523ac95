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
#include <limits>

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

namespace {
enum class Extreme { Magnitude, Maximum, Minimum };
} // namespace

/// Finds an extreme of zero and the elements of each row. The result holds the bits of floats: as
/// integers they compare as their magnitudes do, which is one instruction on every target, in any
/// order, where a float's maximum would have to mind NaN and the sign of zero.
static Value reduceRows(OpBuilder &builder, Location loc, Value input, int64_t rowRank,
                        Extreme extreme) {
  SmallVector<OpFoldResult> sizes = tensor::getMixedSizes(builder, loc, input);
  int64_t rank = sizes.size();
  SmallVector<utils::IteratorType> iterators(rank, utils::IteratorType::reduction);
  std::fill_n(iterators.begin(), rowRank, utils::IteratorType::parallel);
  Type i32 = builder.getI32Type();
  // Minus zero, for a minimum, is the least of the integers whose sign bit is set.
  Value zero = createInt(builder, loc, i32,
                         extreme == Extreme::Minimum ? std::numeric_limits<int32_t>::min() : 0);
  Value init = createFilled(builder, loc, ArrayRef(sizes).take_front(rowRank), zero);
  SmallVector<AffineMap> maps = {builder.getMultiDimIdentityMap(rank),
                                 builder.getMultiDimIdentityMap(rank).getMajorSubMap(rowRank)};
  auto generic = linalg::GenericOp::create(
      builder, loc, init.getType(), input, init, maps, iterators,
      [&](OpBuilder &nested, Location nestedLoc, ValueRange args) {
        Value element = args[0], result;
        if (extreme == Extreme::Magnitude)
          element = math::AbsFOp::create(nested, nestedLoc, element);
        Value bits = arith::BitcastOp::create(nested, nestedLoc, i32, element);
        if (extreme == Extreme::Minimum)
          result = arith::MaxUIOp::create(nested, nestedLoc, args[1], bits);
        else
          result = arith::MaxSIOp::create(nested, nestedLoc, args[1], bits);
        linalg::YieldOp::create(nested, nestedLoc, result);
      });
  return generic.getResult(0);
}

static RowQuantization createSymmetric(OpBuilder &builder, Location loc, Value input,
                                       int64_t rowRank) {
  Type f32 = builder.getF32Type();
  Value range = reduceRows(builder, loc, input, rowRank, Extreme::Magnitude);
  SmallVector<OpFoldResult> rows = tensor::getMixedSizes(builder, loc, range);
  Value limit = createFloat(builder, loc, f32, 127), zero = createFloat(builder, loc, f32, 0),
        one = createFloat(builder, loc, f32, 1);
  auto perRow = [&](bool inverse) {
    return buildElementwise(
        builder, loc, range, rows, f32, [&](OpBuilder &builder, Location loc, ValueRange args) {
          Value width = arith::BitcastOp::create(builder, loc, f32, args[0]);
          Value isZero =
              arith::CmpFOp::create(builder, loc, arith::CmpFPredicate::OEQ, width, zero);
          Value quotient = inverse ? arith::DivFOp::create(builder, loc, limit, width)
                                   : arith::DivFOp::create(builder, loc, width, limit);
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
  Value min = reduceRows(builder, loc, input, rowRank, Extreme::Minimum);
  Value max = reduceRows(builder, loc, input, rowRank, Extreme::Maximum);
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
    auto widenOne = [&](Value bits) -> Value {
      Value value = arith::BitcastOp::create(builder, loc, f32, bits);
      return arith::ExtFOp::create(builder, loc, f64, value);
    };
    return std::pair<Value, Value>(widenOne(args[0]), widenOne(args[1]));
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

//===- ResizePlaces.cpp - which pixels a resized image reads --------------===//
//
// Part of tflc, under the Apache License 2.0.
//
// Sizes can be known when the model is compiled, or only in an invocation. The formulas are
// templates that stand once for both: of numbers they compute a number, of values of the IR they
// emit the same arithmetic.
//
//===----------------------------------------------------------------------===//

#include "ResizePlaces.h"

#include "IndexMath.h"
#include "ScalarBuilder.h"
#include "Utils.h"

#include "mlir/Dialect/Math/IR/Math.h"

#include <cmath>

using namespace mlir;
using namespace tflc;

//===----------------------------------------------------------------------===//
// Numbers of the IR
//===----------------------------------------------------------------------===//

namespace {

/// An i32 or f32 with the arithmetic of the C++ type.
struct Emitted {
  ScalarBuilder *b;
  Value value;

  Emitted with(Value other) const { return {b, other}; }
  bool isFloat() const { return isa<FloatType>(value.getType()); }
  Emitted constant(double number) const { return with(b->constant(value.getType(), number)); }
};

Emitted operator+(Emitted lhs, Emitted rhs) { return lhs.with(lhs.b->add(lhs.value, rhs.value)); }
Emitted operator-(Emitted lhs, Emitted rhs) { return lhs.with(lhs.b->sub(lhs.value, rhs.value)); }
Emitted operator*(Emitted lhs, Emitted rhs) { return lhs.with(lhs.b->mul(lhs.value, rhs.value)); }
Emitted operator/(Emitted lhs, Emitted rhs) {
  return lhs.with(lhs.isFloat() ? lhs.b->emit<arith::DivFOp>(lhs.value, rhs.value)
                                : lhs.b->emit<arith::DivSIOp>(lhs.value, rhs.value));
}
Emitted operator+(Emitted lhs, double rhs) { return lhs + lhs.constant(rhs); }
Emitted operator-(Emitted lhs, double rhs) { return lhs - lhs.constant(rhs); }
Emitted operator*(Emitted lhs, double rhs) { return lhs * lhs.constant(rhs); }
Emitted operator/(Emitted lhs, double rhs) { return lhs / lhs.constant(rhs); }
Value operator>(Emitted lhs, double rhs) {
  return lhs.b->compare(arith::CmpIPredicate::sgt, lhs.value, lhs.constant(rhs).value);
}

int64_t choose(bool condition, int64_t onTrue, int64_t onFalse) {
  return condition ? onTrue : onFalse;
}
Emitted choose(Value condition, Emitted onTrue, Emitted onFalse) {
  return onTrue.with(onTrue.b->select(condition, onTrue.value, onFalse.value));
}

int64_t clampTo(int64_t value, int64_t low, int64_t high) { return std::clamp(value, low, high); }
Emitted clampTo(Emitted value, int64_t low, Emitted high) {
  Value raised = value.b->emit<arith::MaxSIOp>(value.value, value.constant(low).value);
  return value.with(value.b->emit<arith::MinSIOp>(raised, high.value));
}

float toReal(int64_t value) { return float(value); }
Emitted toReal(Emitted value) {
  return value.with(value.b->emit<arith::SIToFPOp>(value.b->f32(), value.value));
}

Emitted toInt(Emitted value) {
  return value.with(value.b->emit<arith::FPToSIOp>(value.b->i32(), value.value));
}
int64_t floorToInt(float value) { return int64_t(std::floor(value)); }
Emitted floorToInt(Emitted value) {
  return toInt(value.with(value.b->emit<math::FloorOp>(value.value)));
}
int64_t ceilToInt(float value) { return int64_t(std::ceil(value)); }
Emitted ceilToInt(Emitted value) {
  return toInt(value.with(value.b->emit<math::CeilOp>(value.value)));
}
/// Halves away from zero.
int64_t roundToInt(float value) { return int64_t(std::round(value)); }
Emitted roundToInt(Emitted value) {
  return toInt(value.with(value.b->emit<math::RoundOp>(value.value)));
}

//===----------------------------------------------------------------------===//
// Formulas
//===----------------------------------------------------------------------===//

template <typename Int> struct Axis {
  Int input, output;
  bool alignCorners, halfPixelCenters;

  /// What the scale divides by what.
  std::pair<Int, Int> getSpans() const {
    if (!alignCorners)
      return {input, output};
    auto isLine = output > 1;
    return {choose(isLine, input - 1, input), choose(isLine, output - 1, output)};
  }

  auto getScale() const {
    auto [from, to] = getSpans();
    return toReal(from) / toReal(to);
  }

  /// The scale with 10 fractional bits.
  Int getFixedScale() const {
    auto [from, to] = getSpans();
    return (from * 1024 + to / 2) / to;
  }
};

struct Nearest {
  template <typename Int> Int operator()(const Axis<Int> &axis, Int place) const {
    auto from = toReal(place);
    auto at = (axis.halfPixelCenters ? from + 0.5f : from) * axis.getScale();
    return clampTo(axis.alignCorners ? roundToInt(at) : floorToInt(at), 0, axis.input - 1);
  }
};

template <typename Int> auto getRealPlace(const Axis<Int> &axis, Int place) {
  auto scale = axis.getScale();
  return axis.halfPixelCenters ? (toReal(place) + 0.5f) * scale - 0.5f : toReal(place) * scale;
}

struct RealLow {
  template <typename Int> Int operator()(const Axis<Int> &axis, Int place) const {
    return clampTo(floorToInt(getRealPlace(axis, place)), 0, axis.input - 1);
  }
};

struct RealHigh {
  template <typename Int> Int operator()(const Axis<Int> &axis, Int place) const {
    return clampTo(ceilToInt(getRealPlace(axis, place)), 0, axis.input - 1);
  }
};

struct RealDistance {
  template <typename Int> auto operator()(const Axis<Int> &axis, Int place) const {
    return getRealPlace(axis, place) - toReal(RealLow()(axis, place));
  }
};

template <typename Int> Int getFixedPlace(const Axis<Int> &axis, Int place) {
  Int scale = axis.getFixedScale();
  return axis.halfPixelCenters ? place * scale + (scale / 2 - 512) : place * scale;
}

struct FixedLow {
  template <typename Int> Int operator()(const Axis<Int> &axis, Int place) const {
    return clampTo(getFixedPlace(axis, place) / 1024, 0, axis.input - 1);
  }
};

struct FixedHigh {
  template <typename Int> Int operator()(const Axis<Int> &axis, Int place) const {
    return clampTo((getFixedPlace(axis, place) + 1023) / 1024, 0, axis.input - 1);
  }
};

struct FixedDistance {
  template <typename Int> Int operator()(const Axis<Int> &axis, Int place) const {
    return getFixedPlace(axis, place) - FixedLow()(axis, place) * 1024;
  }
};

} // namespace

//===----------------------------------------------------------------------===//
// Tables
//===----------------------------------------------------------------------===//

template <typename T>
static Value createConstant(OpBuilder &builder, Location loc, Type element, ArrayRef<T> values) {
  auto type = RankedTensorType::get({int64_t(values.size())}, element);
  return arith::ConstantOp::create(builder, loc, type, DenseElementsAttr::get(type, values));
}

/// What `formula` gives for each place of the result.
template <typename Formula>
static Value createTable(OpBuilder &builder, Location loc, const ResizedAxis &axis,
                         Formula formula) {
  using Number = decltype(formula(Axis<int64_t>(), int64_t()));
  using Stored = std::conditional_t<std::is_same_v<Number, float>, float, int32_t>;
  Type i32 = builder.getI32Type();
  Type element = std::is_same_v<Stored, float> ? Type(builder.getF32Type()) : i32;
  std::optional<int64_t> input = getConstantIntValue(axis.input);
  std::optional<int64_t> output = getConstantIntValue(axis.output);
  if (input && output) {
    Axis<int64_t> known = {*input, *output, axis.alignCorners, axis.halfPixelCenters};
    SmallVector<Stored> values;
    for (int64_t place = 0; place < *output; ++place)
      values.push_back(Stored(formula(known, place)));
    return createConstant(builder, loc, element, ArrayRef(values));
  }
  IndexMath math(builder, loc);
  auto asInt = [&](OpFoldResult size) -> Value {
    return arith::IndexCastOp::create(builder, loc, i32, math.getValue(size));
  };
  Value inputSize = asInt(axis.input), outputSize = asInt(axis.output);
  return buildElementwise(
      builder, loc, {}, axis.output, element, [&](OpBuilder &nested, Location at, ValueRange) {
        ScalarBuilder b(nested, at);
        Axis<Emitted> fed = {
            {&b, inputSize}, {&b, outputSize}, axis.alignCorners, axis.halfPixelCenters};
        Value place = b.emit<arith::IndexCastOp>(i32, b.emit<linalg::IndexOp>(0));
        return formula(fed, Emitted{&b, place}).value;
      });
}

Value tflc::createNearestTable(OpBuilder &builder, Location loc, const ResizedAxis &axis) {
  return createTable(builder, loc, axis, Nearest());
}

NeighbourTables tflc::createNeighbourTables(OpBuilder &builder, Location loc,
                                            const ResizedAxis &axis, bool isFixedPoint) {
  if (isFixedPoint)
    return {createTable(builder, loc, axis, FixedLow()),
            createTable(builder, loc, axis, FixedHigh()),
            createTable(builder, loc, axis, FixedDistance())};
  return {createTable(builder, loc, axis, RealLow()), createTable(builder, loc, axis, RealHigh()),
          createTable(builder, loc, axis, RealDistance())};
}

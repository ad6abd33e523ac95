//===- NumberOperations.cpp - tests and rests of numbers, keras.ops -------===//
//
// Part of tflc, under the Apache License 2.0.
//
//===----------------------------------------------------------------------===//

#include "OperationHelpers.h"

#include "TF/IR/TFOps.h"

#include <cmath>

using namespace llvm;
using namespace mlir;
using namespace tflc;
using namespace tflc::keras;

//===----------------------------------------------------------------------===//
// Of one argument
//===----------------------------------------------------------------------===//

static Values buildThreshold(LayerBuilder &layer, ArrayRef<Value> inputs) {
  Value x = inputs.front();
  Value isAbove =
      compare<tf::GreaterOp>(layer, x, layer.makeScalar(layer.getNumber("threshold"), x));
  return {select(layer, isAbove, x, layer.makeScalar(layer.getNumber("default_value"), x))};
}

/// The angle of a real number is that of its sign.
static Values buildAngle(LayerBuilder &layer, ArrayRef<Value> inputs) {
  Value x = inputs.front();
  x = layer.isFloat(x) ? x : layer.cast(x, layer.b.getF32Type());
  Value isNegative = compare<tf::LessOp>(layer, x, layer.makeScalar(0, x));
  // What is no number has an angle that is none.
  Value zero = layer.make<tf::SubOp>(x, x);
  return {select(layer, isNegative, layer.makeScalar(3.141592653589793, x),
                 select(layer, isNan(layer, x), x,
                        select(layer, isNan(layer, zero), layer.makeScalar(0, x), zero)))};
}

/// The imaginary part of real numbers.
static Values buildImag(LayerBuilder &layer, ArrayRef<Value> inputs) {
  return {layer.make<tf::ZerosLikeOp>(inputs.front())};
}

static Values buildIsReal(LayerBuilder &layer, ArrayRef<Value> inputs) {
  Value x = inputs.front();
  return {layer.cast(layer.make<tf::OnesLikeOp>(x), layer.b.getI1Type())};
}

/// All bits turned over: -x - 1.
static Values buildInvert(LayerBuilder &layer, ArrayRef<Value> inputs) {
  Value x = inputs.front();
  if (layer.isFloat(x))
    return {layer.fault("it takes integers")};
  return {layer.make<tf::SubOp>(layer.make<tf::NegOp>(x), layer.makeScalar(1, x))};
}

/// Into the range of another type, then that type.
static Values buildSaturateCast(LayerBuilder &layer, ArrayRef<Value> inputs) {
  Value x = inputs.front();
  StringRef name = layer.getText("dtype", "float32");
  json::Object config{{"dtype", name}};
  unsigned width = 0;
  bool isUnsigned = name.consume_front("u");
  bool isInteger = name.consume_front("int") && !name.getAsInteger(10, width);
  // A float has no number for the largest integers of more bits.
  constexpr unsigned exactBits = 24;
  if (isInteger && (width > exactBits || !layer.isFloat(x)))
    return {layer.fault("only floats to integers of 8 and 16 bits are supported")};
  if (isInteger) {
    double low = isUnsigned ? 0 : -std::ldexp(1.0, int(width) - 1);
    double high = std::ldexp(1.0, int(width) - (isUnsigned ? 0 : 1)) - 1;
    x = layer.make<tf::MinimumOp>(layer.make<tf::MaximumOp>(x, layer.makeScalar(low, x)),
                                  layer.makeScalar(high, x));
  }
  LayerBuilder part(layer.b, layer.b.getLoc(), config, LayerWeights::none());
  Values results = buildOperation(part, "Cast", {x}, {});
  return part.hasFailed() ? Values{layer.fault("its type is not supported")} : results;
}

//===----------------------------------------------------------------------===//
// Of two arguments
//===----------------------------------------------------------------------===//

/// What is left of a division, with the sign of the dividend.
static Values buildFmod(LayerBuilder &layer, ArrayRef<Value> inputs) {
  if (!hasTwo(layer, inputs))
    return {};
  Value rest = layer.make<tf::FloorModOp>(layer.make<tf::AbsOp>(inputs[0]),
                                          layer.make<tf::AbsOp>(inputs[1]));
  return {layer.make<tf::MulOp>(layer.make<tf::SignOp>(inputs[0]), rest)};
}

/// x * 2^n
static Values buildLdexp(LayerBuilder &layer, ArrayRef<Value> inputs) {
  if (!hasTwo(layer, inputs))
    return {};
  Type type = layer.b.getF32Type();
  Value x = layer.cast(inputs[0], type);
  Value power = layer.make<tf::PowOp>(layer.makeScalar(2, x), layer.cast(inputs[1], type));
  return {layer.make<tf::MulOp>(x, power)};
}

/// log2(2^x + 2^y), with the larger one taken out.
static Values buildLogAddExp2(LayerBuilder &layer, ArrayRef<Value> inputs) {
  if (!hasTwo(layer, inputs))
    return {};
  Value distance = layer.make<tf::AbsOp>(layer.make<tf::SubOp>(inputs[0], inputs[1]));
  Value rest =
      layer.make<tf::Log1pOp>(layer.make<tf::ExpOp>(scale(layer, distance, -0.6931471805599453)));
  return {layer.make<tf::AddV2Op>(layer.make<tf::MaximumOp>(inputs[0], inputs[1]),
                                  scale(layer, rest, 1 / 0.6931471805599453))};
}

/// |x - y| <= absolute + relative * |y|; integers are equal or not.
static Value isClose(LayerBuilder &layer, Value x, Value y, Value relative, Value absolute) {
  if (!layer.isFloat(x))
    return compare<tf::EqualOp>(layer, x, y);
  Value bound =
      layer.make<tf::AddV2Op>(layer.make<tf::MulOp>(layer.make<tf::AbsOp>(y), relative), absolute);
  Value close =
      compare<tf::LessEqualOp>(layer, layer.make<tf::AbsOp>(layer.make<tf::SubOp>(x, y)), bound);
  if (layer.getFlag("equal_nan", false))
    close = layer.make<tf::LogicalOrOp>(
        close, layer.make<tf::LogicalAndOp>(isNan(layer, x), isNan(layer, y)));
  return close;
}

static Values buildIsClose(LayerBuilder &layer, ArrayRef<Value> inputs) {
  if (inputs.size() < 2 || inputs.size() > 4)
    return {layer.fault("it has " + Twine(inputs.size()) + " inputs, expected 2 to 4")};
  Value x = inputs[0];
  return {isClose(layer, x, inputs[1], inputs.size() > 2 ? inputs[2] : layer.makeScalar(1e-5, x),
                  inputs.size() > 3 ? inputs[3] : layer.makeScalar(1e-8, x))};
}

/// Infinities are close where they are equal.
static Values buildAllClose(LayerBuilder &layer, ArrayRef<Value> inputs) {
  if (!hasTwo(layer, inputs))
    return {};
  Value x = inputs[0], y = inputs[1];
  Value close = isClose(layer, x, y, layer.makeScalar(layer.getNumber("rtol", 1e-5), x),
                        layer.makeScalar(layer.getNumber("atol", 1e-8), x));
  if (layer.isFloat(x)) {
    Type i1 = layer.b.getI1Type();
    Value finite = layer.make<tf::LogicalAndOp>(layer.makeAs<tf::IsFiniteOp>(i1, x),
                                                layer.makeAs<tf::IsFiniteOp>(i1, y));
    Value same = compare<tf::EqualOp>(layer, x, y);
    if (layer.getFlag("equal_nan", false))
      same = layer.make<tf::LogicalOrOp>(
          same, layer.make<tf::LogicalAndOp>(isNan(layer, x), isNan(layer, y)));
    close = layer.make<tf::LogicalOrOp>(layer.make<tf::LogicalAndOp>(finite, close), same);
  }
  Integers all = llvm::to_vector(llvm::seq<int64_t>(0, layer.getRank(close)));
  return {layer.makeAs<tf::AllOp>(layer.b.getI1Type(), close, layer.makeVector(all),
                                  /*keep_dims=*/false)};
}

//===----------------------------------------------------------------------===//
// Reductions past what is no number
//===----------------------------------------------------------------------===//

template <typename Op, bool isMaximum>
static Values buildNanBound(LayerBuilder &layer, ArrayRef<Value> inputs) {
  Value x = inputs.front(), axes = makeReducedAxes(layer, x);
  bool keepDims = layer.getFlag("keepdims", false);
  if (!layer.isFloat(x))
    return {layer.make<Op>(x, axes, keepDims)};
  Value none = isNan(layer, x);
  Value kept = select(layer, none, layer.makeScalar(isMaximum ? -HUGE_VAL : HUGE_VAL, x), x);
  Value areNone = layer.makeAs<tf::AllOp>(layer.b.getI1Type(), none, axes, keepDims);
  return {select(layer, areNone, layer.makeScalar(NAN, x), layer.make<Op>(kept, axes, keepDims))};
}

template <typename Op> static Values buildNanArg(LayerBuilder &layer, ArrayRef<Value> inputs) {
  constexpr bool isMaximum = std::is_same_v<Op, tf::ArgMaxOp>;
  Value x = inputs.front();
  Integers axes = getReducedAxes(layer, x);
  bool keepDims = layer.getFlag("keepdims", false);
  if (axes.size() != 1 || !layer.isFloat(x))
    return {layer.fault("only floats along one axis are supported")};
  Value none = isNan(layer, x), axis = layer.makeIndex(axes.front());
  Value kept = select(layer, none, layer.makeScalar(isMaximum ? -HUGE_VAL : HUGE_VAL, x), x);
  Type i32 = layer.b.getI32Type();
  Value place = layer.makeAs<Op>(i32, kept, axis, TypeAttr::get(i32));
  Value areNone = layer.makeAs<tf::AllOp>(layer.b.getI1Type(), none, layer.makeVector(axes),
                                          /*keep_dims=*/false);
  place = select(layer, areNone, layer.makeIndex(-1), place);
  return {keepDims ? layer.expandDims(place, axes.front()) : place};
}

static Value findNanVariance(LayerBuilder &layer, Value x) {
  Value axes = makeReducedAxes(layer, x);
  Value none = isNan(layer, x), zero = layer.makeScalar(0, x), one = layer.makeScalar(1, x);
  auto sum = [&](Value values, bool keepDims) {
    return layer.make<tf::SumOp>(values, axes, keepDims);
  };
  Value counts = select(layer, none, zero, one);
  Value mean =
      layer.make<tf::RealDivOp>(sum(select(layer, none, zero, x), true), sum(counts, true));
  Value centered = select(layer, none, zero, layer.make<tf::SubOp>(x, mean));
  bool keepDims = layer.getFlag("keepdims", false);
  return layer.make<tf::RealDivOp>(sum(layer.make<tf::SquareOp>(centered), keepDims),
                                   sum(counts, keepDims));
}

static Values buildNanVar(LayerBuilder &layer, ArrayRef<Value> inputs) {
  return {findNanVariance(layer, inputs.front())};
}

static Values buildNanStd(LayerBuilder &layer, ArrayRef<Value> inputs) {
  return {layer.make<tf::SqrtOp>(findNanVariance(layer, inputs.front()))};
}

static Values buildNanCumsum(LayerBuilder &layer, ArrayRef<Value> inputs) {
  Value x = inputs.front();
  if (layer.isFloat(x))
    x = select(layer, isNan(layer, x), layer.makeScalar(0, x), x);
  const json::Value *given = layer.config.get("axis");
  bool isFlat = !given || given->kind() == json::Value::Null;
  if (isFlat)
    x = layer.reshape(x, {-1});
  return {layer.make<tf::CumsumOp>(
      x, layer.makeIndex(isFlat ? 0 : layer.getAxes("axis", x, {0}).front()))};
}

/// The bits of numbers as another type of the same width.
static Values buildView(LayerBuilder &layer, ArrayRef<Value> inputs) {
  Value x = inputs.front();
  StringRef name = layer.getText("dtype", "");
  Type from = layer.getElementType(x), to;
  for (Type type : {Type(layer.b.getF32Type()), Type(layer.b.getI32Type())})
    if (name == (isa<FloatType>(type) ? "float32" : "int32"))
      to = type;
  if (!to || !from.isIntOrFloat() || from.getIntOrFloatBitWidth() != to.getIntOrFloatBitWidth())
    return {layer.fault("only views of float32 and int32 are supported")};
  return {from == to ? x : layer.makeAs<tf::BitcastOp>(to, x, to)};
}

void tflc::keras::addNumberOperations(LayerTable &table) {
  table["AllClose"] = buildAllClose;
  table["Angle"] = buildAngle;
  table["BitwiseAnd"] = buildBinary<tf::BitwiseAndOp>;
  table["BitwiseInvert"] = table["BitwiseNot"] = buildInvert;
  table["BitwiseLeftShift"] = table["LeftShift"] = buildBinary<tf::LeftShiftOp>;
  table["BitwiseOr"] = buildBinary<tf::BitwiseOrOp>;
  table["BitwiseRightShift"] = table["RightShift"] = buildBinary<tf::RightShiftOp>;
  table["EmptyLike"] = table["Imag"] = buildImag;
  table["Fmod"] = buildFmod;
  table["Isclose"] = buildIsClose;
  table["Isreal"] = buildIsReal;
  table["Ldexp"] = buildLdexp;
  table["Logaddexp2"] = buildLogAddExp2;
  table["Nanargmax"] = buildNanArg<tf::ArgMaxOp>;
  table["Nanargmin"] = buildNanArg<tf::ArgMinOp>;
  table["Nancumsum"] = buildNanCumsum;
  table["Nanmax"] = buildNanBound<tf::MaxOp, true>;
  table["Nanmin"] = buildNanBound<tf::MinOp, false>;
  table["Nanstd"] = buildNanStd;
  table["Nanvar"] = buildNanVar;
  table["SaturateCast"] = buildSaturateCast;
  table["Threshold"] = buildThreshold;
  table["View"] = buildView;
}

//===- FunctionOperations.cpp - functions by simpler ones -----------------===//
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

static Values buildCbrt(LayerBuilder &layer, ArrayRef<Value> inputs) {
  Value x = inputs.front(), size = layer.make<tf::AbsOp>(x);
  Value root = layer.make<tf::PowOp>(size, layer.makeScalar(1.0 / 3, x));
  return {layer.make<tf::MulOp>(layer.make<tf::SignOp>(x), root)};
}

static Values buildExp2(LayerBuilder &layer, ArrayRef<Value> inputs) {
  Value x = inputs.front();
  return {layer.make<tf::PowOp>(layer.makeScalar(2, x), x)};
}

static Values buildDeg2rad(LayerBuilder &layer, ArrayRef<Value> inputs) {
  return {scale(layer, inputs.front(), 3.141592653589793 / 180)};
}

static Values buildRad2deg(LayerBuilder &layer, ArrayRef<Value> inputs) {
  return {scale(layer, inputs.front(), 180 / 3.141592653589793)};
}

/// sin(pi x) / (pi x), and 1 at zero.
static Values buildSinc(LayerBuilder &layer, ArrayRef<Value> inputs) {
  Value x = scale(layer, inputs.front(), 3.141592653589793);
  Value ratio = layer.make<tf::RealDivOp>(layer.make<tf::SinOp>(x), x);
  Value isZero = compare<tf::EqualOp>(layer, x, layer.makeScalar(0, x));
  return {select(layer, isZero, layer.makeScalar(1, x), ratio)};
}

template <bool isNegative>
static Values buildIsInfinity(LayerBuilder &layer, ArrayRef<Value> inputs) {
  Value bound = layer.makeScalar(isNegative ? -HUGE_VAL : HUGE_VAL, inputs.front());
  return {compare<tf::EqualOp>(layer, inputs.front(), bound)};
}

//===----------------------------------------------------------------------===//
// Of two arguments
//===----------------------------------------------------------------------===//

static Values buildHypot(LayerBuilder &layer, ArrayRef<Value> inputs) {
  if (!hasTwo(layer, inputs))
    return {};
  Value sum = layer.make<tf::AddV2Op>(layer.make<tf::SquareOp>(inputs[0]),
                                      layer.make<tf::SquareOp>(inputs[1]));
  return {layer.make<tf::SqrtOp>(sum)};
}

/// The step at zero, where it has the value of the second argument.
static Values buildHeaviside(LayerBuilder &layer, ArrayRef<Value> inputs) {
  if (!hasTwo(layer, inputs))
    return {};
  Value x = inputs[0], zero = layer.makeScalar(0, x);
  Value above =
      select(layer, compare<tf::EqualOp>(layer, x, zero), inputs[1], layer.makeScalar(1, x));
  return {select(layer, compare<tf::LessOp>(layer, x, zero), zero, above)};
}

/// Of a number and what is none, the number.
template <typename Op> static Values buildBound(LayerBuilder &layer, ArrayRef<Value> inputs) {
  if (!hasTwo(layer, inputs))
    return {};
  Value x = select(layer, isNan(layer, inputs[0]), inputs[1], inputs[0]);
  Value y = select(layer, isNan(layer, inputs[1]), inputs[0], inputs[1]);
  return {layer.make<Op>(x, y)};
}

//===----------------------------------------------------------------------===//
// Reductions
//===----------------------------------------------------------------------===//

/// The distance between the largest and the smallest element.
static Values buildPtp(LayerBuilder &layer, ArrayRef<Value> inputs) {
  Value x = inputs.front(), axes = makeReducedAxes(layer, x);
  bool keepDims = layer.getFlag("keepdims", false);
  return {layer.make<tf::SubOp>(layer.make<tf::MaxOp>(x, axes, keepDims),
                                layer.make<tf::MinOp>(x, axes, keepDims))};
}

/// What is no number counts as one that changes nothing.
template <typename Op, int neutral>
static Values buildNanReduction(LayerBuilder &layer, ArrayRef<Value> inputs) {
  Value x = inputs.front(), axes = makeReducedAxes(layer, x);
  Value y = select(layer, isNan(layer, x), layer.makeScalar(neutral, x), x);
  return {layer.make<Op>(y, axes, layer.getFlag("keepdims", false))};
}

static Values buildNanMean(LayerBuilder &layer, ArrayRef<Value> inputs) {
  Value x = inputs.front(), axes = makeReducedAxes(layer, x);
  bool keepDims = layer.getFlag("keepdims", false);
  Value none = isNan(layer, x), zero = layer.makeScalar(0, x), one = layer.makeScalar(1, x);
  Value sum = layer.make<tf::SumOp>(select(layer, none, zero, x), axes, keepDims);
  Value count = layer.make<tf::SumOp>(select(layer, none, zero, one), axes, keepDims);
  return {layer.make<tf::RealDivOp>(sum, count)};
}

/// The value at a share of the way through the sorted elements, between two of them by how far it
/// is from each.
static Values findQuantile(LayerBuilder &layer, Value x, double share) {
  bool isFlat = !layer.config.get("axis") || layer.config.get("axis")->kind() == json::Value::Null;
  bool keepDims = layer.getFlag("keepdims", false);
  if (layer.getText("method", "linear") != "linear" || (isFlat && keepDims) || !layer.isFloat(x))
    return {layer.fault("only linear quantiles of floats along one axis are supported")};
  if (isFlat)
    x = layer.reshape(x, {-1});
  Integers axes = isFlat ? Integers{0} : layer.getAxes("axis", x, {});
  if (layer.hasFailed() || axes.size() != 1 || !(share >= 0 && share <= 1))
    return {layer.fault("only quantiles along one axis are supported")};
  int64_t axis = axes.front(), last = layer.getRank(x) - 1;
  Integers order = llvm::to_vector(llvm::seq<int64_t>(0, last + 1));
  std::swap(order[axis], order[last]);
  if (axis != last)
    x = layer.transpose(x, order);
  int64_t size = layer.getKnownSize(x, last);
  if (layer.hasFailed() || size < 1)
    return {layer.fault("it has no elements")};
  // Ascending order is the descending order of the negatives.
  Value negative = layer.make<tf::NegOp>(x), count = layer.makeIndex(size);
  Type types[] = {x.getType(), cast<TensorType>(x.getType()).clone(layer.b.getI32Type())};
  auto sorted = tf::TopKV2Op::create(layer.b, types, negative, count, /*sorted=*/true, TypeAttr());
  double place = share * double(size - 1);
  int64_t low = int64_t(place), high = std::min(low + 1, size - 1);
  Value y = layer.slice(sorted.getValues(), last, low, 1);
  if (double(low) != place) {
    Value next = layer.slice(sorted.getValues(), last, high, 1);
    y = layer.make<tf::AddV2Op>(scale(layer, y, 1 - (place - double(low))),
                                scale(layer, next, place - double(low)));
  }
  y = layer.make<tf::NegOp>(y);
  if (axis != last)
    y = layer.transpose(y, order);
  return {keepDims ? y : layer.squeeze(y, axis)};
}

static Values buildMedian(LayerBuilder &layer, ArrayRef<Value> inputs) {
  return findQuantile(layer, inputs.front(), 0.5);
}

/// The share is a constant argument.
template <int whole> static Values buildQuantile(LayerBuilder &layer, ArrayRef<Value> inputs) {
  auto constant = inputs.size() == 2 ? inputs[1].getDefiningOp<tf::ConstOp>() : tf::ConstOp();
  auto value = constant ? dyn_cast<DenseElementsAttr>(constant.getValue()) : DenseElementsAttr();
  if (!value || value.getType().getRank() != 0 || !isa<FloatType>(value.getElementType()))
    return {layer.fault("only one constant quantile is supported")};
  return findQuantile(layer, inputs[0], value.getSplatValue<APFloat>().convertToDouble() / whole);
}

void tflc::keras::addFunctionOperations(LayerTable &table) {
  table["Arccos"] = buildUnary<tf::AcosOp>;
  table["Arccosh"] = buildUnary<tf::AcoshOp>;
  table["Arcsin"] = buildUnary<tf::AsinOp>;
  table["Arcsinh"] = buildUnary<tf::AsinhOp>;
  table["Arctan"] = buildUnary<tf::AtanOp>;
  table["Arctanh"] = buildUnary<tf::AtanhOp>;
  table["Cbrt"] = buildCbrt;
  table["Cosh"] = buildUnary<tf::CoshOp>;
  table["Deg2rad"] = buildDeg2rad;
  table["Erf"] = buildUnary<tf::ErfOp>;
  table["Erfc"] = buildUnary<tf::ErfcOp>;
  table["Exp2"] = buildExp2;
  table["Fabs"] = buildUnary<tf::AbsOp>;
  table["Fmax"] = buildBound<tf::MaximumOp>;
  table["Fmin"] = buildBound<tf::MinimumOp>;
  table["Heaviside"] = buildHeaviside;
  table["Hypot"] = buildHypot;
  table["Isneginf"] = buildIsInfinity<true>;
  table["Isposinf"] = buildIsInfinity<false>;
  table["Median"] = buildMedian;
  table["Nanmean"] = buildNanMean;
  table["Nanprod"] = buildNanReduction<tf::ProdOp, 1>;
  table["Nansum"] = buildNanReduction<tf::SumOp, 0>;
  table["Percentile"] = buildQuantile<100>;
  table["Ptp"] = buildPtp;
  table["Quantile"] = buildQuantile<1>;
  table["Rad2deg"] = buildRad2deg;
  table["Sinc"] = buildSinc;
  table["Sinh"] = buildUnary<tf::SinhOp>;
}

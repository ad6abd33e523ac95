//===- MathOperations.cpp - functions of numbers, in keras.ops ------------===//
//
// Part of tflc, under the Apache License 2.0.
//
//===----------------------------------------------------------------------===//

#include "OperationHelpers.h"

#include "TF/IR/TFOps.h"

using namespace llvm;
using namespace mlir;
using namespace tflc;
using namespace tflc::keras;

template <typename Op> static Values buildTest(LayerBuilder &layer, ArrayRef<Value> inputs) {
  return {layer.makeAs<Op>(layer.b.getI1Type(), inputs.front())};
}

static Values buildCopy(LayerBuilder &, ArrayRef<Value> inputs) { return {inputs.front()}; }

static Values buildLogicalXor(LayerBuilder &layer, ArrayRef<Value> inputs) {
  if (!hasTwo(layer, inputs))
    return {};
  return {layer.makeAs<tf::NotEqualOp>(layer.b.getI1Type(), toBool(layer, inputs[0]),
                                       toBool(layer, inputs[1]))};
}

/// The logarithm to another base is a multiple of the natural one.
static Value takeLogarithm(LayerBuilder &layer, Value x, double base) {
  return layer.make<tf::MulOp>(layer.make<tf::LogOp>(x), layer.makeScalar(1 / std::log(base), x));
}

static Values buildLog2(LayerBuilder &layer, ArrayRef<Value> inputs) {
  return {takeLogarithm(layer, inputs.front(), 2)};
}

static Values buildLog10(LayerBuilder &layer, ArrayRef<Value> inputs) {
  return {takeLogarithm(layer, inputs.front(), 10)};
}

/// Towards zero.
static Values buildTrunc(LayerBuilder &layer, ArrayRef<Value> inputs) {
  Value x = inputs.front();
  Value isNegative = layer.makeAs<tf::LessOp>(layer.b.getI1Type(), x, layer.makeScalar(0, x));
  return {layer.makeAs<tf::SelectV2Op>(layer.getElementType(x), isNegative,
                                       layer.make<tf::CeilOp>(x), layer.make<tf::FloorOp>(x))};
}

/// log(exp(x) + exp(y)), with the larger one taken out.
static Values buildLogAddExp(LayerBuilder &layer, ArrayRef<Value> inputs) {
  if (!hasTwo(layer, inputs))
    return {};
  Value distance = layer.make<tf::AbsOp>(layer.make<tf::SubOp>(inputs[0], inputs[1]));
  Value rest = layer.make<tf::Log1pOp>(layer.make<tf::ExpOp>(layer.make<tf::NegOp>(distance)));
  return {layer.make<tf::AddV2Op>(layer.make<tf::MaximumOp>(inputs[0], inputs[1]), rest)};
}

/// All products of an element of one array and one of the other.
static Values buildOuter(LayerBuilder &layer, ArrayRef<Value> inputs) {
  if (!hasTwo(layer, inputs))
    return {};
  return {
      layer.make<tf::MulOp>(layer.reshape(inputs[0], {-1, 1}), layer.reshape(inputs[1], {1, -1}))};
}

/// x over its Euclidean norm, which is at least a small number.
static Values buildNormalize(LayerBuilder &layer, ArrayRef<Value> inputs) {
  Value x = inputs.front();
  if (layer.getNumber("order", 2.0) != 2)
    return {layer.fault("only the Euclidean norm is supported")};
  Value axes = layer.makeVector(layer.getIntegers("axis", std::nullopt, {-1}));
  Value sum = layer.make<tf::SumOp>(layer.make<tf::SquareOp>(x), axes, /*keep_dims=*/true);
  double least = layer.getNumber("epsilon", 1e-7);
  Value bound = layer.make<tf::MaximumOp>(sum, layer.makeScalar(least * least, x));
  return {layer.make<tf::MulOp>(x, layer.make<tf::RsqrtOp>(bound))};
}

/// Arrays of one value: that of the second argument, or `value`.
static Value fillLike(LayerBuilder &layer, Value x, Value value) {
  Value zeros = layer.make<tf::ZerosLikeOp>(x);
  return layer.make<tf::AddV2Op>(zeros, value);
}

static Values buildFullLike(LayerBuilder &layer, ArrayRef<Value> inputs) {
  if (inputs.size() != 2)
    return {layer.fault("it has no value")};
  return {fillLike(layer, inputs[0], inputs[1])};
}

static Values buildOnesLike(LayerBuilder &layer, ArrayRef<Value> inputs) {
  return {fillLike(layer, inputs[0], layer.makeScalar(1, inputs[0]))};
}

/// What is not a number becomes one.
static Values buildNanToNum(LayerBuilder &layer, ArrayRef<Value> inputs) {
  Value x = inputs.front();
  Type i1 = layer.b.getI1Type(), type = layer.getElementType(x);
  Value isNan = layer.makeAs<tf::IsNanOp>(i1, x);
  Value y = layer.makeAs<tf::SelectV2Op>(type, isNan,
                                         layer.makeScalar(layer.getNumber("nan", 0.0), x), x);
  constexpr double largest = 3.4028234663852886e38;
  bool hasBounds = false;
  for (StringRef key : {"posinf", "neginf"})
    if (const json::Value *bound = layer.config.get(key))
      hasBounds |= bound->kind() != json::Value::Null;
  if (hasBounds)
    return {layer.fault("other values for infinities are not supported")};
  y = layer.make<tf::MinimumOp>(y, layer.makeScalar(largest, x));
  return {layer.make<tf::MaximumOp>(y, layer.makeScalar(-largest, x))};
}

//===----------------------------------------------------------------------===//
// Reductions
//===----------------------------------------------------------------------===//

/// log(sum(exp(x))), with the maximum taken out so that nothing overflows.
static Values buildLogSumExp(LayerBuilder &layer, ArrayRef<Value> inputs) {
  Value x = inputs.front(), axes = makeReducedAxes(layer, x);
  bool keepDims = layer.getFlag("keepdims", false);
  Value most = layer.make<tf::MaxOp>(x, axes, /*keep_dims=*/true);
  Value parts = layer.make<tf::ExpOp>(layer.make<tf::SubOp>(x, most));
  Value sum = layer.make<tf::LogOp>(layer.make<tf::SumOp>(parts, axes, keepDims));
  if (!keepDims)
    most = layer.make<tf::MaxOp>(x, axes, /*keep_dims=*/false);
  return {layer.make<tf::AddV2Op>(sum, most)};
}

static Values buildCountNonzero(LayerBuilder &layer, ArrayRef<Value> inputs) {
  Value x = inputs.front();
  Value counts = layer.makeAs<tf::NotEqualOp>(layer.b.getI1Type(), x, layer.makeScalar(0, x));
  return {layer.make<tf::SumOp>(layer.cast(counts, layer.b.getI32Type()), makeReducedAxes(layer, x),
                                /*keep_dims=*/false)};
}

/// The mean, or the weighted one.
static Values buildAverage(LayerBuilder &layer, ArrayRef<Value> inputs) {
  Value x = inputs.front(), axes = makeReducedAxes(layer, x);
  Value factor = inputs.size() == 1 ? layer.takeArgument("weights") : inputs[1];
  if (!factor)
    return {layer.make<tf::MeanOp>(x, axes, /*keep_dims=*/false)};
  Value product = layer.make<tf::MulOp>(x, factor);
  Value weights = layer.make<tf::BroadcastToOp>(
      factor, layer.makeAs<tf::ShapeOp>(layer.b.getI32Type(), product, TypeAttr()));
  return {layer.make<tf::RealDivOp>(layer.make<tf::SumOp>(product, axes, false),
                                    layer.make<tf::SumOp>(weights, axes, false))};
}

void tflc::keras::addMathOperations(LayerTable &table) {
  table["Arctan2"] = buildBinary<tf::Atan2Op>;
  table["Average"] = buildAverage;
  table["BitwiseXor"] = buildBinary<tf::BitwiseXorOp>;
  table["Conjugate"] = table["ConvertToTensor"] = table["Copy"] = table["Real"] =
      table["StopGradient"] = buildCopy;
  table["CountNonzero"] = buildCountNonzero;
  table["DivideNoNan"] = buildBinary<tf::DivNoNanOp>;
  table["FullLike"] = buildFullLike;
  table["Isfinite"] = buildTest<tf::IsFiniteOp>;
  table["Isinf"] = buildTest<tf::IsInfOp>;
  table["Isnan"] = buildTest<tf::IsNanOp>;
  table["Log10"] = buildLog10;
  table["Log2"] = buildLog2;
  table["Logaddexp"] = buildLogAddExp;
  table["LogicalXor"] = buildLogicalXor;
  table["Logsumexp"] = buildLogSumExp;
  table["NanToNum"] = buildNanToNum;
  table["Normalize"] = buildNormalize;
  table["OnesLike"] = buildOnesLike;
  table["Outer"] = buildOuter;
  table["Reciprocal"] = buildUnary<tf::ReciprocalOp>;
  table["Tan"] = buildUnary<tf::TanOp>;
  table["Trunc"] = buildTrunc;
  table["ZerosLike"] = buildUnary<tf::ZerosLikeOp>;
}

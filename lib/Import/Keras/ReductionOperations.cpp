//===- ReductionOperations.cpp - reductions and searches, in keras.ops ----===//
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

template <typename Op> static Values buildReduction(LayerBuilder &layer, ArrayRef<Value> inputs) {
  constexpr bool isLogical = std::is_same_v<Op, tf::AllOp> || std::is_same_v<Op, tf::AnyOp>;
  Value x = isLogical ? toBool(layer, inputs.front()) : inputs.front();
  Value axes = makeReducedAxes(layer, x);
  return {layer.make<Op>(x, axes, layer.getFlag("keepdims", false))};
}

static Value buildVariance(LayerBuilder &layer, Value x) {
  Value axes = makeReducedAxes(layer, x);
  Value mean = layer.make<tf::MeanOp>(x, axes, /*keep_dims=*/true);
  return layer.make<tf::MeanOp>(layer.make<tf::SquaredDifferenceOp>(x, mean), axes,
                                layer.getFlag("keepdims", false));
}

static Values buildVar(LayerBuilder &layer, ArrayRef<Value> inputs) {
  return {buildVariance(layer, inputs.front())};
}

static Values buildStd(LayerBuilder &layer, ArrayRef<Value> inputs) {
  return {layer.make<tf::SqrtOp>(buildVariance(layer, inputs.front()))};
}

/// The Euclidean norm.
static Values buildNorm(LayerBuilder &layer, ArrayRef<Value> inputs) {
  if (const json::Value *order = layer.config.get("ord");
      order && order->kind() != json::Value::Null && order->getAsNumber() != 2.0 &&
      order->getAsString() != StringRef("euclidean"))
    return {layer.fault("only the Euclidean norm is supported")};
  Value x = inputs.front();
  Value sum = layer.make<tf::SumOp>(layer.make<tf::SquareOp>(x), makeReducedAxes(layer, x),
                                    layer.getFlag("keepdims", false));
  return {layer.make<tf::SqrtOp>(sum)};
}

template <typename Op> static Values buildArg(LayerBuilder &layer, ArrayRef<Value> inputs) {
  Value x = inputs.front();
  const json::Value *given = layer.config.get("axis");
  bool isFlat = !given || given->kind() == json::Value::Null;
  bool keepDims = layer.getFlag("keepdims", false);
  if (isFlat && keepDims)
    return {layer.fault("only one axis that vanishes is supported")};
  Integers axes = isFlat ? Integers{0} : getReducedAxes(layer, x);
  if (axes.size() != 1)
    return {layer.fault("only one axis is supported")};
  if (isFlat)
    x = layer.reshape(x, {-1});
  Type type = layer.b.getI32Type();
  Value place = layer.makeAs<Op>(type, x, layer.makeIndex(axes.front()), TypeAttr::get(type));
  return {keepDims ? layer.expandDims(place, axes.front()) : place};
}

void tflc::keras::addReductionOperations(LayerTable &table) {
  table["All"] = buildReduction<tf::AllOp>;
  table["Any"] = buildReduction<tf::AnyOp>;
  table["Argmax"] = buildArg<tf::ArgMaxOp>;
  table["Argmin"] = buildArg<tf::ArgMinOp>;
  table["Max"] = table["Amax"] = buildReduction<tf::MaxOp>;
  table["Mean"] = buildReduction<tf::MeanOp>;
  table["Min"] = table["Amin"] = buildReduction<tf::MinOp>;
  table["Norm"] = buildNorm;
  table["Prod"] = buildReduction<tf::ProdOp>;
  table["Std"] = buildStd;
  table["Sum"] = buildReduction<tf::SumOp>;
  table["Var"] = buildVar;
}

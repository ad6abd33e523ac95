//===- MergeLayers.cpp - layers of several inputs -------------------------===//
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

/// A step counts where it counts in all inputs that have a mask.
static void mergeMasks(LayerBuilder &layer, ArrayRef<Value> inputs, Value result) {
  Value merged;
  for (Value input : inputs)
    if (Value mask = layer.getMask(input))
      merged = merged ? layer.make<tf::LogicalAndOp>(merged, mask) : mask;
  layer.setMask(result, merged);
}

template <typename Op> static Values buildFold(LayerBuilder &layer, ArrayRef<Value> inputs) {
  Value result = inputs.front();
  for (Value input : inputs.drop_front())
    result = layer.make<Op>(result, input);
  mergeMasks(layer, inputs, result);
  return {result};
}

static Values buildAverage(LayerBuilder &layer, ArrayRef<Value> inputs) {
  Value sum = buildFold<tf::AddV2Op>(layer, inputs).front();
  Value mean = layer.make<tf::MulOp>(sum, layer.makeScalar(1.0 / inputs.size(), sum));
  layer.setMask(mean, layer.getMask(sum));
  return {mean};
}

/// a + scale * b, as in InceptionResNetV2 of keras.applications.
static Values buildCustomScale(LayerBuilder &layer, ArrayRef<Value> inputs) {
  if (inputs.size() != 2)
    return {layer.fault("it has " + Twine(inputs.size()) + " inputs, expected 2")};
  Value scale = layer.makeScalar(layer.getNumber("scale"), inputs[1]);
  return {layer.make<tf::AddV2Op>(inputs[0], layer.make<tf::MulOp>(inputs[1], scale))};
}

static Values buildConcatenate(LayerBuilder &layer, ArrayRef<Value> inputs) {
  int64_t axis = layer.getInteger("axis", -1), rank = layer.getRank(inputs.front());
  axis += axis < 0 ? rank : 0;
  if (axis < 0 || axis >= rank)
    return {layer.fault("there is no axis " + Twine(axis))};
  Value joined = layer.concat(inputs, axis);
  Values masks;
  for (Value input : inputs)
    masks.push_back(layer.getMask(input));
  // Along the steps, the masks are joined as well.
  if (axis != 1)
    mergeMasks(layer, inputs, joined);
  else if (llvm::all_of(masks, [](Value mask) { return mask != nullptr; }))
    layer.setMask(joined, layer.concat(masks, 1));
  return {joined};
}

/// Moves dimension `from` to `to`.
static Value moveAxis(LayerBuilder &layer, Value x, int64_t from, int64_t to) {
  int64_t rank = layer.getRank(x);
  if (from < 0 || from >= rank || to < 0 || to >= rank)
    return layer.fault("there is no axis " + Twine(from));
  if (from == to)
    return x;
  Integers order;
  for (int64_t dim = 0; dim < rank; ++dim)
    if (dim != from)
      order.push_back(dim);
  order.insert(order.begin() + to, from);
  return layer.transpose(x, order);
}

/// Products over one axis of each input, sample by sample: what is left of the second follows what
/// is left of the first.
static Values buildDot(LayerBuilder &layer, ArrayRef<Value> inputs) {
  if (inputs.size() != 2)
    return {layer.fault("it has " + Twine(inputs.size()) + " inputs, expected 2")};
  Value x = inputs[0], y = inputs[1];
  int64_t xRank = layer.getRank(x), yRank = layer.getRank(y);
  Integers axes = layer.getIntegers("axes", 2);
  axes[0] += axes[0] < 0 ? xRank : 0;
  axes[1] += axes[1] < 0 ? yRank : 0;
  if (axes[0] < 1 || axes[1] < 1 || axes[0] >= xRank || axes[1] >= yRank)
    return {layer.fault("its inputs have " + Twine(xRank) + " and " + Twine(yRank) +
                        " dimensions, which do not go with its axes " + Twine(axes[0]) + " and " +
                        Twine(axes[1]))};
  if (layer.getFlag("normalize", false)) {
    x = layer.make<tf::L2NormalizeOp>(moveAxis(layer, x, axes[0], xRank - 1));
    y = layer.make<tf::L2NormalizeOp>(moveAxis(layer, y, axes[1], yRank - 1));
    axes = {xRank - 1, yRank - 1};
  }
  if (xRank > 3 || yRank > 3)
    return {contract(layer, x, y, axes[0], axes[1], /*isBatched=*/true)};
  // [b, m, k] by [b, k, n]
  x = moveAxis(layer, x, axes[0], xRank - 1);
  y = moveAxis(layer, y, axes[1], 1);
  if (xRank == 2)
    x = layer.expandDims(x, 1);
  if (yRank == 2)
    y = layer.expandDims(y, 2);
  Value product = layer.make<tf::BatchMatMulV2Op>(x, y);
  if (xRank == 2)
    product = layer.squeeze(product, 1);
  if (yRank == 2 && xRank != 2)
    product = layer.squeeze(product, 2);
  return {product};
}

void tflc::keras::addMergeLayers(LayerTable &table) {
  table["Add"] = buildFold<tf::AddV2Op>;
  table["Average"] = buildAverage;
  table["Concatenate"] = buildConcatenate;
  table["CustomScaleLayer"] = buildCustomScale;
  table["Dot"] = buildDot;
  table["Maximum"] = buildFold<tf::MaximumOp>;
  table["Minimum"] = buildFold<tf::MinimumOp>;
  table["Multiply"] = buildFold<tf::MulOp>;
  table["Subtract"] = buildFold<tf::SubOp>;
}

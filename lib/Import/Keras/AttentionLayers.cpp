//===- AttentionLayers.cpp - attention ------------------------------------===//
//
// Part of tflc, under the Apache License 2.0.
//
//===----------------------------------------------------------------------===//

#include "LayerBuilder.h"

#include "TF/IR/TFOps.h"

#include <cmath>

using namespace llvm;
using namespace mlir;
using namespace tflc;
using namespace tflc::keras;

/// softmax(scores) * values, with scores [..., t, s] and values [..., s, d].
static Value attend(LayerBuilder &layer, Value scores, Value values) {
  return layer.make<tf::BatchMatMulV2Op>(layer.make<tf::SoftmaxOp>(scores), values);
}

/// x [b, t, c] by a kernel [c, heads, depth], as [b, heads, t, depth].
static Value projectToHeads(LayerBuilder &layer, Value x, StringRef child, bool useBias) {
  Value kernel = layer.takeWeight(child);
  Integers shape = layer.getShape(kernel), input = layer.getShape(x);
  if (layer.hasFailed() || shape.size() != 3 || input.size() != 3)
    return layer.fault("inputs of three dimensions are supported");
  int64_t heads = shape[1], depth = shape[2];
  Value y = layer.multiply(x, layer.reshape(kernel, {shape[0], heads * depth}));
  if (useBias)
    y = layer.make<tf::BiasAddOp>(y, layer.reshape(layer.takeWeight(child), {heads * depth}));
  y = layer.reshape(y, {-1, layer.getKnownSize(x, 1), heads, depth});
  return layer.transpose(y, {0, 2, 1, 3});
}

/// [b, heads, t, depth] by a kernel [heads, depth, c], as [b, t, c].
static Value projectFromHeads(LayerBuilder &layer, Value x, StringRef child, bool useBias) {
  Value kernel = layer.takeWeight(child);
  Integers shape = layer.getShape(kernel), input = layer.getShape(x);
  if (layer.hasFailed() || shape.size() != 3 || input.size() != 4)
    return layer.fault("its output is a vector for each place");
  Value y = layer.transpose(x, {0, 2, 1, 3});
  y = layer.reshape(y, {-1, layer.getKnownSize(x, 2), shape[0] * shape[1]});
  y = layer.multiply(y, layer.reshape(kernel, {shape[0] * shape[1], shape[2]}));
  return useBias ? layer.make<tf::BiasAddOp>(y, layer.takeWeight(child)) : y;
}

/// Each of `groups` heads of keys or values for so many heads of queries.
static Value repeatHeads(LayerBuilder &layer, Value x, int64_t times) {
  if (times == 1)
    return x;
  int64_t groups = layer.getKnownSize(x, 1), length = layer.getKnownSize(x, 2);
  int64_t depth = layer.getKnownSize(x, 3);
  Value tiled =
      layer.make<tf::TileOp>(layer.expandDims(x, 2), layer.makeVector({1, 1, times, 1, 1}));
  return layer.reshape(tiled, {-1, groups * times, length, depth});
}

namespace {
/// How a layer calls its parts in a file.
struct PartNames {
  StringRef query, key, value, output;
};
} // namespace

/// Inputs: query, value, key if it is another tensor.
static Values buildHeads(LayerBuilder &layer, ArrayRef<Value> inputs, const PartNames &names,
                         int64_t depth, int64_t timesHeads) {
  if (inputs.size() < 2 || inputs.size() > 3)
    return {layer.fault("it takes query, value and key; masks are not supported")};
  bool useBias = layer.getFlag("use_bias", true);
  Value query = projectToHeads(layer, inputs[0], names.query, useBias);
  Value key = projectToHeads(layer, inputs.size() == 3 ? inputs[2] : inputs[1], names.key, useBias);
  Value value = projectToHeads(layer, inputs[1], names.value, useBias);
  if (layer.hasFailed() || depth < 1)
    return {layer.fault("its heads have no size")};
  query = layer.make<tf::MulOp>(query, layer.makeScalar(1 / std::sqrt(double(depth)), query));
  Value scores = layer.make<tf::BatchMatMulV2Op>(query, repeatHeads(layer, key, timesHeads),
                                                 /*adj_x=*/false, /*adj_y=*/true);
  Value mixed = attend(layer, scores, repeatHeads(layer, value, timesHeads));
  return {projectFromHeads(layer, mixed, names.output, useBias)};
}

static Values buildMultiHead(LayerBuilder &layer, ArrayRef<Value> inputs) {
  return buildHeads(layer, inputs, {"query_dense", "key_dense", "value_dense", "output_dense"},
                    layer.getInteger("key_dim"), 1);
}

static Values buildGroupedQuery(LayerBuilder &layer, ArrayRef<Value> inputs) {
  int64_t heads = layer.getInteger("num_query_heads");
  int64_t groups = layer.getInteger("num_key_value_heads");
  if (groups < 1 || heads % groups)
    return {layer.fault("its heads cannot be divided into groups")};
  return buildHeads(layer, inputs, {"_query_dense", "_key_dense", "_value_dense", "_output_dense"},
                    layer.getInteger("head_dim"), heads / groups);
}

/// Luong's attention: scores are products of queries and keys, or tanh of their sum.
static Values buildAttention(LayerBuilder &layer, ArrayRef<Value> inputs) {
  if (inputs.size() < 2 || inputs.size() > 3)
    return {layer.fault("it takes query, value and key; masks are not supported")};
  if (layer.getText("score_mode", "dot") != "dot")
    return {layer.fault("only the score mode 'dot' is supported")};
  Value key = inputs.size() == 3 ? inputs[2] : inputs[1];
  Value scores = layer.make<tf::BatchMatMulV2Op>(inputs[0], key, false, /*adj_y=*/true);
  if (layer.getFlag("use_scale", false))
    scores = layer.make<tf::MulOp>(scores, layer.takeWeight());
  return {attend(layer, scores, inputs[1])};
}

/// Bahdanau's attention: score(t, s) = sum over d of scale(d) * tanh(query(t, d) + key(s, d)).
static Values buildAdditiveAttention(LayerBuilder &layer, ArrayRef<Value> inputs) {
  if (inputs.size() < 2 || inputs.size() > 3)
    return {layer.fault("it takes query, value and key; masks are not supported")};
  Value key = inputs.size() == 3 ? inputs[2] : inputs[1];
  Value sum = layer.make<tf::AddV2Op>(layer.expandDims(inputs[0], 2), layer.expandDims(key, 1));
  Value scores = layer.make<tf::TanhOp>(sum);
  if (layer.getFlag("use_scale", true))
    scores = layer.make<tf::MulOp>(scores, layer.takeWeight());
  scores = layer.make<tf::SumOp>(scores, layer.makeVector({3}));
  return {attend(layer, scores, inputs[1])};
}

void tflc::keras::addAttentionLayers(LayerTable &table) {
  table["AdditiveAttention"] = buildAdditiveAttention;
  table["Attention"] = buildAttention;
  table["GroupQueryAttention"] = table["GroupedQueryAttention"] = buildGroupedQuery;
  table["MultiHeadAttention"] = buildMultiHead;
}

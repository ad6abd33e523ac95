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

//===----------------------------------------------------------------------===//
// Masks
//===----------------------------------------------------------------------===//

namespace {

/// Which places each query may attend to: what masks and options say together.
class Visibility {
public:
  explicit Visibility(LayerBuilder &layer) : layer(layer) {}

  /// A mask that broadcasts to [b, t, s]; none changes nothing.
  void add(Value mask) {
    if (!mask)
      return;
    Type i1 = layer.b.getI1Type();
    mask = layer.cast(mask, i1);
    visible = visible ? layer.makeAs<tf::LogicalAndOp>(i1, visible, mask) : mask;
  }
  /// A query sees itself and what comes before it.
  void addCausal(Value scores) {
    addPlaces(scores, [](int64_t query, int64_t key) { return key <= query; });
  }
  /// A query sees what is less than `width` places away.
  void addWindow(Value scores, int64_t width) {
    addPlaces(scores,
              [width](int64_t query, int64_t key) { return std::abs(query - key) < width; });
  }

  /// Scores [b, t, s], or [b, h, t, s], with those far below zero that nobody sees.
  Value apply(Value scores);

private:
  void addPlaces(Value scores, llvm::function_ref<bool(int64_t query, int64_t key)> sees);

  LayerBuilder &layer;
  Value visible;
};

} // namespace

void Visibility::addPlaces(Value scores,
                           llvm::function_ref<bool(int64_t query, int64_t key)> sees) {
  int64_t rank = layer.getRank(scores);
  int64_t queries = layer.getKnownSize(scores, rank - 2),
          keys = layer.getKnownSize(scores, rank - 1);
  if (layer.hasFailed())
    return;
  SmallVector<bool> seen;
  for (int64_t query = 0; query < queries; ++query)
    for (int64_t key = 0; key < keys; ++key)
      seen.push_back(sees(query, key));
  auto type = RankedTensorType::get({1, queries, keys}, layer.b.getI1Type());
  add(tf::ConstOp::create(layer.b, type, DenseElementsAttr::get(type, ArrayRef(seen))));
}

Value Visibility::apply(Value scores) {
  if (!visible || layer.hasFailed())
    return scores;
  // As Keras: so far below all others that nothing is left of them.
  constexpr double far = -1e9;
  Value mask = visible;
  if (layer.getRank(scores) > layer.getRank(mask))
    mask = layer.expandDims(mask, layer.getRank(mask) - 2);
  Type type = layer.getElementType(scores);
  Value hidden = layer.make<tf::SubOp>(layer.makeScalar(1, scores), layer.cast(mask, type));
  hidden = layer.make<tf::MulOp>(hidden, layer.makeScalar(far, scores));
  return layer.make<tf::AddV2Op>(scores, hidden);
}

/// A mask [b, t] given by a keyword, or the one that comes along with a tensor.
static Value findMask(LayerBuilder &layer, StringRef keyword, Value tensor) {
  Value given = layer.keywords.tensors.lookup(keyword);
  return given ? given : layer.getMask(tensor);
}

//===----------------------------------------------------------------------===//
// Several heads
//===----------------------------------------------------------------------===//

/// x [b, t, ...] with other dimensions behind the first two, of which both may be open.
static Value reshapeBehind(LayerBuilder &layer, Value x, ArrayRef<int64_t> rest) {
  int64_t steps = layer.getShape(x)[1];
  if (!ShapedType::isDynamic(steps)) {
    Integers shape = {-1, steps};
    append_range(shape, rest);
    return layer.reshape(x, shape);
  }
  Value sizes = layer.makeAs<tf::ShapeOp>(layer.b.getI32Type(), x, TypeAttr());
  Value dims = layer.concat({layer.slice(sizes, 0, 0, 2), layer.makeVector(Integers(rest))}, 0);
  return layer.make<tf::ReshapeOp>(x, dims);
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
  return layer.transpose(reshapeBehind(layer, y, {heads, depth}), {0, 2, 1, 3});
}

/// [b, heads, t, depth] by a kernel [heads, depth, c], as [b, t, c].
static Value projectFromHeads(LayerBuilder &layer, Value x, StringRef child, bool useBias) {
  Value kernel = layer.takeWeight(child);
  Integers shape = layer.getShape(kernel), input = layer.getShape(x);
  if (layer.hasFailed() || shape.size() != 3 || input.size() != 4)
    return layer.fault("its output is a vector for each place");
  Value y = reshapeBehind(layer, layer.transpose(x, {0, 2, 1, 3}), {shape[0] * shape[1]});
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
  StringRef query, key, gate, value, output;
};
} // namespace

/// The dimensions over which attention goes as one, those before them as one batch: [b, t, c].
static Value flatten(LayerBuilder &layer, Value x, int64_t numAttended) {
  int64_t rank = layer.getRank(x), length = 1;
  if (rank == 3 && numAttended == 1)
    return x;
  for (int64_t dim = rank - 1 - numAttended; dim < rank - 1; ++dim)
    length *= layer.getKnownSize(x, dim);
  return layer.reshape(x, {-1, length, layer.getKnownSize(x, rank - 1)});
}

/// How many dimensions attention goes over. They stand before the last one.
static int64_t countAttended(LayerBuilder &layer, Value query) {
  int64_t rank = layer.getRank(query);
  Integers all;
  for (int64_t dim = 1; dim < rank - 1; ++dim)
    all.push_back(dim);
  if (all.empty()) {
    layer.fault("its inputs have at least three dimensions");
    return 1;
  }
  Integers axes = layer.getIntegers("attention_axes", std::nullopt, all);
  for (auto [i, axis] : enumerate(axes))
    if ((axis < 0 ? axis + rank : axis) != rank - 1 - int64_t(axes.size()) + int64_t(i))
      layer.fault("attention over other dimensions than the last ones is not supported");
  return axes.size();
}

/// Inputs: query, value, key if it is another tensor. `queryMask` may be null.
static Values buildHeads(LayerBuilder &layer, ArrayRef<Value> inputs, Value queryMask,
                         const PartNames &names, int64_t depth, int64_t timesHeads) {
  if (inputs.size() < 2 || inputs.size() > 3)
    return {layer.fault("it takes query, value and key")};
  bool useBias = layer.getFlag("use_bias", true);
  int64_t numAttended = countAttended(layer, inputs[0]);
  if (layer.hasFailed() || depth < 1)
    return {layer.fault("its heads have no size")};
  Value given = inputs.size() == 3 ? inputs[2] : inputs[1];
  auto project = [&](Value x, StringRef name) {
    return projectToHeads(layer, flatten(layer, x, numAttended), name, useBias);
  };
  Value query = project(inputs[0], names.query), key = project(given, names.key);
  // A factor between 0 and 1 for each number that the heads give.
  Value gate;
  if (layer.getFlag("use_gate", false))
    gate = project(inputs[0], names.gate);
  Value value = project(inputs[1], names.value);
  if (layer.hasFailed())
    return {query};
  query = layer.make<tf::MulOp>(query, layer.makeScalar(1 / std::sqrt(double(depth)), query));
  Value scores = layer.make<tf::BatchMatMulV2Op>(query, repeatHeads(layer, key, timesHeads),
                                                 /*adj_x=*/false, /*adj_y=*/true);
  Visibility visibility(layer);
  if (queryMask)
    visibility.add(layer.expandDims(queryMask, 2));
  if (Value mask = findMask(layer, "value_mask", inputs[1]))
    visibility.add(layer.expandDims(mask, 1));
  if (Value mask = inputs.size() == 3 ? findMask(layer, "key_mask", given) : Value())
    visibility.add(layer.expandDims(mask, 1));
  visibility.add(layer.keywords.tensors.lookup("attention_mask"));
  if (layer.keywords.has("use_causal_mask"))
    visibility.addCausal(scores);
  const json::Value *window = layer.config.get("sliding_window");
  if (window && window->kind() != json::Value::Null)
    visibility.addWindow(scores, layer.getInteger("sliding_window"));
  Value weights = layer.make<tf::SoftmaxOp>(visibility.apply(scores));
  Value mixed = layer.make<tf::BatchMatMulV2Op>(weights, repeatHeads(layer, value, timesHeads));
  if (gate)
    mixed = layer.make<tf::MulOp>(mixed, layer.make<tf::SigmoidOp>(gate));
  Value output = projectFromHeads(layer, mixed, names.output, useBias);
  if (layer.hasFailed())
    return {output};
  Integers shape = layer.getShape(inputs[0]);
  if (shape.size() != 3 || numAttended != 1) {
    Integers sizes = {-1};
    for (size_t dim = 1; dim + 1 < shape.size(); ++dim)
      sizes.push_back(layer.getKnownSize(inputs[0], dim));
    sizes.push_back(layer.getKnownSize(output, 2));
    output = layer.reshape(output, sizes);
  }
  if (!layer.keywords.has("return_attention_scores"))
    return {output};
  if (shape.size() != 3)
    return {layer.fault("only scores of three-dimensional inputs can be returned")};
  return {output, weights};
}

static Values buildMultiHead(LayerBuilder &layer, ArrayRef<Value> inputs) {
  // Keras puts the mask that goes along with the query in the place of the argument `query_mask`.
  Value queryMask = inputs.empty() ? Value() : layer.getMask(inputs[0]);
  return buildHeads(layer, inputs, queryMask,
                    {"query_dense", "key_dense", "gate_dense", "value_dense", "output_dense"},
                    layer.getInteger("key_dim"), 1);
}

static Values buildGroupedQuery(LayerBuilder &layer, ArrayRef<Value> inputs) {
  int64_t heads = layer.getInteger("num_query_heads");
  int64_t groups = layer.getInteger("num_key_value_heads");
  if (groups < 1 || heads % groups)
    return {layer.fault("its heads cannot be divided into groups")};
  Value queryMask = inputs.empty() ? Value() : findMask(layer, "query_mask", inputs[0]);
  return buildHeads(layer, inputs, queryMask,
                    {"_query_dense", "_key_dense", "_gate_dense", "_value_dense", "_output_dense"},
                    layer.getInteger("head_dim"), heads / groups);
}

//===----------------------------------------------------------------------===//
// One head
//===----------------------------------------------------------------------===//

/// What follows the scores [b, t, s] of one head.
static Values finishAttention(LayerBuilder &layer, ArrayRef<Value> inputs, Value scores) {
  Visibility visibility(layer);
  // Keras 3 passes the masks of query and value as one list.
  Value queryMask = layer.getMask(inputs[0]), valueMask = layer.getMask(inputs[1]);
  if (valueMask)
    visibility.add(layer.expandDims(valueMask, 1));
  if (layer.keywords.has("use_causal_mask"))
    visibility.addCausal(scores);
  Value weights = layer.make<tf::SoftmaxOp>(visibility.apply(scores));
  Value mixed = layer.make<tf::BatchMatMulV2Op>(weights, inputs[1]);
  if (queryMask)
    mixed = layer.make<tf::MulOp>(
        mixed, layer.cast(layer.expandDims(queryMask, 2), layer.getElementType(mixed)));
  if (layer.keywords.has("return_attention_scores"))
    return {mixed, weights};
  return {mixed};
}

/// The sum over d of scale(d) * tanh(query(t, d) + key(s, d)).
static Value sumScores(LayerBuilder &layer, Value query, Value key, Value inner, Value outer) {
  Value sum = layer.make<tf::AddV2Op>(layer.expandDims(query, 2), layer.expandDims(key, 1));
  if (inner)
    sum = layer.make<tf::MulOp>(sum, inner);
  Value scores = layer.make<tf::TanhOp>(sum);
  if (outer)
    scores = layer.make<tf::MulOp>(scores, outer);
  return layer.make<tf::SumOp>(scores, layer.makeVector({3}));
}

/// Luong's attention: scores are products of queries and keys, or tanh of their sum.
static Values buildAttention(LayerBuilder &layer, ArrayRef<Value> inputs) {
  if (inputs.size() < 2 || inputs.size() > 3)
    return {layer.fault("it takes query, value and key")};
  StringRef mode = layer.getText("score_mode", "dot");
  if (mode != "dot" && mode != "concat")
    return {layer.fault("there is no score mode '" + mode + "'")};
  Value key = inputs.size() == 3 ? inputs[2] : inputs[1];
  Value scale = layer.getFlag("use_scale", false) ? layer.takeWeight() : Value(), scores;
  if (mode == "concat") {
    scores = sumScores(layer, inputs[0], key, scale, layer.takeWeight());
  } else {
    scores = layer.make<tf::BatchMatMulV2Op>(inputs[0], key, false, /*adj_y=*/true);
    if (scale)
      scores = layer.make<tf::MulOp>(scores, scale);
  }
  return finishAttention(layer, inputs, scores);
}

/// Bahdanau's attention.
static Values buildAdditiveAttention(LayerBuilder &layer, ArrayRef<Value> inputs) {
  if (inputs.size() < 2 || inputs.size() > 3)
    return {layer.fault("it takes query, value and key")};
  Value key = inputs.size() == 3 ? inputs[2] : inputs[1];
  Value scale = layer.getFlag("use_scale", true) ? layer.takeWeight() : Value();
  return finishAttention(layer, inputs, sumScores(layer, inputs[0], key, Value(), scale));
}

void tflc::keras::addAttentionLayers(LayerTable &table) {
  table["AdditiveAttention"] = buildAdditiveAttention;
  table["Attention"] = buildAttention;
  table["GroupQueryAttention"] = table["GroupedQueryAttention"] = buildGroupedQuery;
  table["MultiHeadAttention"] = buildMultiHead;
}

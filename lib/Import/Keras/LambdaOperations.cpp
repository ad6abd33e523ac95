//===- LambdaOperations.cpp - functions of TensorFlow between layers ------===//
//
// Part of tflc, under the Apache License 2.0.
//
// Keras 2 makes a layer of each function of TensorFlow that is called between layers: TFOpLambda
// with the function's name. Most are operations of keras.ops under other names.
//
//===----------------------------------------------------------------------===//

#include "LayerBuilder.h"

#include "TF/IR/TFOps.h"

using namespace llvm;
using namespace mlir;
using namespace tflc;
using namespace tflc::keras;

namespace {

/// A function that an operation of keras.ops computes.
struct Alias {
  const char *function;
  const char *operation;
  /// A keyword, and what the operation calls it; empty if there is none.
  const char *keyword = "", *name = "";
};

} // namespace

static constexpr Alias aliases[] = {
    {"__operators__.add", "Add"},
    {"__operators__.eq", "Equal"},
    {"__operators__.ne", "NotEqual"},
    {"cast", "Cast"},
    {"compat.v1.gather", "Take"},
    {"compat.v1.pad", "Pad", "paddings", "pad_width"},
    {"compat.v1.squeeze", "Squeeze"},
    {"compat.v1.transpose", "Transpose", "perm", "axes"},
    {"concat", "Concatenate"},
    {"expand_dims", "ExpandDims"},
    {"gather", "Take"},
    {"linalg.l2_normalize", "Normalize"},
    {"math.abs", "Abs"},
    {"math.add", "Add"},
    {"math.argmax", "Argmax"},
    {"math.argmin", "Argmin"},
    {"math.ceil", "Ceil"},
    {"math.cos", "Cos"},
    {"math.divide", "Divide"},
    {"math.divide_no_nan", "DivideNoNan"},
    {"math.equal", "Equal"},
    {"math.exp", "Exp"},
    {"math.floor", "Floor"},
    {"math.floordiv", "FloorDivide"},
    {"math.floormod", "Mod"},
    {"math.greater", "Greater"},
    {"math.greater_equal", "GreaterEqual"},
    {"math.l2_normalize", "Normalize"},
    {"math.less", "Less"},
    {"math.less_equal", "LessEqual"},
    {"math.log", "Log"},
    {"math.log1p", "Log1p"},
    {"math.logical_and", "LogicalAnd"},
    {"math.logical_not", "LogicalNot"},
    {"math.logical_or", "LogicalOr"},
    {"math.maximum", "Maximum"},
    {"math.minimum", "Minimum"},
    {"math.multiply", "Multiply"},
    {"math.negative", "Negative"},
    {"math.not_equal", "NotEqual"},
    {"math.pow", "Power"},
    {"math.reciprocal", "Reciprocal"},
    {"math.reduce_all", "All"},
    {"math.reduce_any", "Any"},
    {"math.reduce_logsumexp", "Logsumexp"},
    {"math.reduce_max", "Max"},
    {"math.reduce_mean", "Mean"},
    {"math.reduce_min", "Min"},
    {"math.reduce_prod", "Prod"},
    {"math.reduce_std", "Std"},
    {"math.reduce_sum", "Sum"},
    {"math.reduce_variance", "Var"},
    {"math.round", "Round"},
    {"math.rsqrt", "Rsqrt"},
    {"math.sigmoid", "Sigmoid"},
    {"math.sign", "Sign"},
    {"math.sin", "Sin"},
    {"math.softplus", "Softplus"},
    {"math.sqrt", "Sqrt"},
    {"math.square", "Square"},
    {"math.subtract", "Subtract"},
    {"math.tanh", "Tanh"},
    {"math.truediv", "Divide"},
    {"nn.elu", "Elu"},
    {"nn.l2_normalize", "Normalize"},
    {"nn.leaky_relu", "LeakyRelu", "alpha", "negative_slope"},
    {"nn.log_softmax", "LogSoftmax"},
    {"nn.relu", "Relu"},
    {"nn.relu6", "Relu6"},
    {"nn.selu", "Selu"},
    {"nn.sigmoid", "Sigmoid"},
    {"nn.silu", "Silu"},
    {"nn.softmax", "Softmax"},
    {"nn.softplus", "Softplus"},
    {"nn.softsign", "Softsign"},
    {"nn.swish", "Silu"},
    {"nn.tanh", "Tanh"},
    {"one_hot", "OneHot", "depth", "num_classes"},
    {"ones_like", "OnesLike"},
    {"pad", "Pad", "paddings", "pad_width"},
    {"repeat", "Repeat"},
    {"reshape", "Reshape", "shape", "newshape"},
    {"split", "Split", "num_or_size_splits", "indices_or_sections"},
    {"squeeze", "Squeeze"},
    {"stack", "Stack"},
    {"tile", "Tile", "multiples", "repeats"},
    {"transpose", "Transpose", "perm", "axes"},
    {"unstack", "Unstack"},
    {"where", "Where"},
    {"zeros_like", "ZerosLike"},
};

/// The keywords as the operation calls them. TensorFlow counts sizes of parts, Keras their ends.
static json::Object rename(const json::Object &keywords, const Alias &alias) {
  json::Object config;
  for (const auto &[key, value] : keywords)
    config[key == alias.keyword ? StringRef(alias.name) : StringRef(key)] = value;
  if (StringRef(alias.function) == "split")
    if (const json::Array *sizes = keywords.getArray("num_or_size_splits")) {
      json::Array ends;
      int64_t end = 0;
      for (const json::Value &size : drop_end(*sizes))
        ends.push_back(end += size.getAsInteger().value_or(0));
      config["indices_or_sections"] = std::move(ends);
    }
  if (StringRef(alias.operation) == "Pad")
    config["mode"] = StringRef(keywords.getString("mode").value_or("constant")).lower();
  return config;
}

static Value buildMatMul(LayerBuilder &layer, ArrayRef<Value> inputs) {
  if (inputs.size() != 2)
    return layer.fault("it has " + Twine(inputs.size()) + " inputs, expected 2");
  return layer.make<tf::BatchMatMulV2Op>(inputs[0], inputs[1], layer.getFlag("transpose_a", false),
                                         layer.getFlag("transpose_b", false));
}

static Value clip(LayerBuilder &layer, Value x) {
  Value low = layer.makeScalar(layer.getNumber("clip_value_min"), x);
  Value high = layer.makeScalar(layer.getNumber("clip_value_max"), x);
  return layer.make<tf::MinimumOp>(layer.make<tf::MaximumOp>(x, low), high);
}

static Value resize(LayerBuilder &layer, Value x) {
  Integers size = layer.getIntegers("size", 2);
  return layer.resize(x, size[0], size[1], layer.getText("method", "bilinear"));
}

static Values buildLambda(LayerBuilder &layer, ArrayRef<Value> inputs) {
  StringRef function = layer.getText("function", "");
  static const json::Object none;
  const json::Object &keywords = layer.keywords.values ? *layer.keywords.values : none;
  LayerBuilder work(layer.b, layer.b.getLoc(), keywords, LayerWeights::none());
  work.isKeras2 = layer.isKeras2;
  Values results;
  const Alias *alias =
      llvm::find_if(aliases, [&](const Alias &each) { return function == each.function; });
  if (alias != std::end(aliases)) {
    json::Object config = rename(keywords, *alias);
    LayerBuilder renamed(layer.b, layer.b.getLoc(), config, LayerWeights::none());
    results = buildOperation(renamed, alias->operation, inputs, {});
    return renamed.hasFailed() ? Values{layer.fault("it cannot be built")} : results;
  }
  Value x = inputs.front();
  if (function == "__operators__.getitem") {
    const json::Value *index = keywords.get("slice_spec");
    json::Array arguments{nullptr, index ? *index : json::Value(nullptr)};
    results = buildOperation(work, "GetItem", inputs, arguments);
  } else if (function == "linalg.matmul" || function == "matmul") {
    results = {buildMatMul(work, inputs)};
  } else if (function == "clip_by_value") {
    results = {clip(work, x)};
  } else if (function == "image.resize") {
    results = {resize(work, x)};
  } else if (function == "math.squared_difference" && inputs.size() == 2) {
    results = {work.make<tf::SquaredDifferenceOp>(inputs[0], inputs[1])};
  } else if (function == "nn.gelu") {
    results = {work.make<tf::GeluOp>(x, work.getFlag("approximate", false))};
  } else if (function == "nn.depth_to_space") {
    results = {work.make<tf::DepthToSpaceOp>(x, work.getInteger("block_size"), "NHWC")};
  } else if (function == "nn.space_to_depth") {
    results = {work.make<tf::SpaceToDepthOp>(x, work.getInteger("block_size"), "NHWC")};
  } else if (function == "compat.v1.shape" || function == "shape") {
    results = {work.makeAs<tf::ShapeOp>(layer.b.getI32Type(), x, TypeAttr())};
  } else if (function == "identity" || function == "stop_gradient") {
    results = {x};
  } else {
    return {layer.fault("the function 'tf." + function + "' is not supported")};
  }
  return work.hasFailed() ? Values{layer.fault("it cannot be built")} : results;
}

void tflc::keras::addLambdaOperations(LayerTable &table) {
  table["SlicingOpLambda"] = table["TFOpLambda"] = buildLambda;
}

//===- ModelLayers.cpp - layers and operations of a model -----------------===//
//
// Part of tflc, under the Apache License 2.0.
//
//===----------------------------------------------------------------------===//

#include "ModelBuilder.h"

#include "TF/IR/TFOps.h"
#include "tflc/Support/Diagnostics.h"

#include "llvm/ADT/StringSet.h"

using namespace llvm;
using namespace mlir;
using namespace tflc;
using namespace tflc::keras;

/// Layers that look up or hash the text of what they are given.
static bool worksOnTexts(StringRef kind) {
  return kind == "Hashing" || kind == "HashedCrossing" || kind == "TextVectorization";
}

LogicalResult ModelBuilder::refuseClass(Location location, StringRef kind) {
  InFlightDiagnostic error = emitError(location) << "layers of class '" << makePrintable(kind);
  if (worksOnTexts(kind)) {
    error << "' look up or hash texts, those of numbers, too, for which TensorFlow Lite has no "
             "operator";
    error.attachNote() << "help: do that ahead of the model, and give it the numbers";
    return failure();
  }
  error << (kind == "Lambda" ? "' hold Python code" : "' are not supported");
  error.attachNote() << "help: export the model as a SavedModel (model.export) and convert that";
  return failure();
}

/// Whether Keras computes a layer in integers or eight-bit floats, as its policy says.
static bool isQuantized(const json::Object &config) {
  const json::Object *policy = config.getObject("dtype");
  const json::Object *inner = policy ? policy->getObject("config") : nullptr;
  return inner && inner->get("source_name") && inner->get("mode");
}

LogicalResult ModelBuilder::refuseQuantized(Location location) {
  InFlightDiagnostic error = emitError(location) << "Keras has quantized its weights";
  error.attachNote() << "help: convert the model as it was before, with --quantize";
  return failure();
}

LogicalResult ModelBuilder::checkClasses(const json::Object &model) {
  const json::Array *layers = getLayers(model);
  // What has no layers is reported when it is built.
  if (!layers)
    return success();
  bool isSupported = true;
  for (const json::Value &item : *layers) {
    const json::Object *layer = item.getAsObject();
    StringRef kind = layer ? getText(*layer, "class_name") : "";
    if (!layer || kind == "InputLayer" || isOperation(*layer))
      continue;
    const json::Object *inner = layer->getObject("config");
    if (isModel(kind) || kind == "Pipeline")
      isSupported &= succeeded(checkClasses(*layer));
    // What wraps another layer says itself which it takes.
    else if (inner && !inner->getObject("layer") && !table.lookup(kind))
      isSupported &= succeeded(refuseClass(locate(*layer), kind));
    ++numLayers;
  }
  return success(isSupported);
}

FailureOr<Values> ModelBuilder::buildLayer(const json::Object &layer, ArrayRef<Value> inputs,
                                           LayerWeights weights, CallKeywords keywords) {
  StringRef kind = getText(layer, "class_name");
  Location location = locate(layer);
  ++numLayers;
  if (isModel(kind) || kind == "Pipeline")
    return build(layer, inputs, std::move(weights), nullptr);
  const json::Object *config = layer.getObject("config");
  if (!config)
    return fault(location, "it has no configuration");
  if (isQuantized(*config))
    return refuseQuantized(location);
  if (inputs.empty())
    return fault(location, "it has no input");
  // Masks that the caller gives take the place of those that come along.
  for (auto [i, input] : enumerate(inputs))
    if (Value mask = keywords.tensors.lookup(i ? ("mask_" + Twine(i)).str() : "mask"))
      masks[input] = mask;
  if (config->getObject("layer"))
    return buildWrapped(kind, *config, inputs, std::move(weights), std::move(keywords), location);
  LayerFunction function = table.lookup(kind);
  if (!function)
    return refuseClass(location, kind);
  LayerBuilder work(builder, location, *config, std::move(weights));
  work.isKeras2 = isKeras2;
  work.keywords = std::move(keywords);
  work.masks = &masks;
  Values results = function(work, inputs);
  if (work.hasFailed())
    return failure();
  passMasks(kind, inputs, results);
  return results;
}

/// Layers that compute each step for itself pass the mask of their first input on.
void ModelBuilder::passMasks(StringRef kind, ArrayRef<Value> inputs, ArrayRef<Value> results) {
  static const llvm::StringSet<> passing = {"Activation",
                                            "AdditiveAttention",
                                            "Attention",
                                            "BatchNormalization",
                                            "Dense",
                                            "ELU",
                                            "EinsumDense",
                                            "GroupNormalization",
                                            "GroupQueryAttention",
                                            "LayerNormalization",
                                            "LeakyReLU",
                                            "MultiHeadAttention",
                                            "PReLU",
                                            "RMSNormalization",
                                            "ReLU",
                                            "Rescaling",
                                            "Softmax",
                                            "ThresholdedReLU",
                                            "UnitNormalization"};
  Value mask = masks.lookup(inputs.front());
  if (mask && passing.contains(kind) && !masks.count(results.front()))
    masks[results.front()] = mask;
}

FailureOr<Values> ModelBuilder::buildOperationCall(const json::Object &layer, int64_t node,
                                                   ArrayRef<Value> inputs, CallKeywords keywords) {
  Location location = locate(layer);
  ++numLayers;
  const json::Object *config = layer.getObject("config");
  const json::Array *nodes = layer.getArray("inbound_nodes");
  const json::Object *call =
      nodes && node < int64_t(nodes->size()) ? (*nodes)[node].getAsObject() : nullptr;
  const json::Array *arguments = call ? call->getArray("args") : nullptr;
  if (!config || !arguments)
    return fault(location, "it has no configuration");
  if (inputs.empty())
    return fault(location, "it has no input");
  LayerBuilder work(builder, location, *config, LayerWeights::none());
  work.keywords = std::move(keywords);
  Values results = buildOperation(work, getText(layer, "class_name"), inputs, *arguments);
  if (work.hasFailed() || results.empty())
    return failure();
  // Left out, an argument would change what is computed.
  for (const auto &left : work.keywords.tensors)
    return fault(location, "its argument '" + left.getKey() + "' is not supported");
  return results;
}

/// Samples [b * t, rest...] as [b, t, rest...], b and t as in `like`.
static Value addSteps(LayerBuilder &work, Value samples, Value like, ArrayRef<int64_t> rest) {
  int64_t steps = work.getShape(like)[1];
  if (!ShapedType::isDynamic(steps)) {
    Integers sizes = {-1, steps};
    append_range(sizes, rest);
    return work.reshape(samples, sizes);
  }
  Value shape = work.makeAs<tf::ShapeOp>(work.b.getI32Type(), like, TypeAttr());
  Value sizes = work.concat({work.slice(shape, 0, 0, 2), work.makeVector(rest)}, 0);
  return work.make<tf::ReshapeOp>(samples, sizes);
}

FailureOr<Values> ModelBuilder::buildWrapped(StringRef kind, const json::Object &config,
                                             ArrayRef<Value> inputs, LayerWeights weights,
                                             CallKeywords keywords, Location location) {
  const json::Object &inner = *config.getObject("layer");
  LayerWeights wrapped = weights.ofWrapped("layer");
  if (kind == "TimeDistributed")
    return buildDistributed(inner, inputs.front(), wrapped, config, location);
  // Its weights are stored as the last step of training has left them.
  if (kind == "SpectralNormalization")
    return buildLayer(inner, inputs, wrapped);
  if (kind != "Bidirectional")
    return fault(location, "layers of class '" + kind + "' are not supported");
  LayerBuilder work(builder, location, config, std::move(weights));
  work.isKeras2 = isKeras2;
  work.keywords = std::move(keywords);
  work.masks = &masks;
  Values results = buildBidirectional(work, inputs);
  if (work.hasFailed())
    return failure();
  return results;
}

/// Steps in time are more samples of a batch.
FailureOr<Values> ModelBuilder::buildDistributed(const json::Object &inner, Value input,
                                                 const LayerWeights &weights,
                                                 const json::Object &config, Location location) {
  LayerBuilder work(builder, location, config, weights);
  Integers shape = work.getShape(input);
  if (work.hasFailed() || shape.size() < 2)
    return fault(location, "its input has no steps");
  Integers flat = {-1};
  for (size_t dim = 2; dim < shape.size(); ++dim)
    flat.push_back(work.getKnownSize(input, dim));
  Value samples = work.reshape(input, flat);
  if (work.hasFailed())
    return failure();
  FailureOr<Values> results = buildLayer(inner, {samples}, weights);
  if (failed(results))
    return failure();
  for (Value &result : *results) {
    Integers rest;
    for (int64_t dim = 1, rank = work.getRank(result); dim < rank; ++dim)
      rest.push_back(work.getKnownSize(result, dim));
    result = addSteps(work, result, input, rest);
    work.masks = &masks;
    work.setMask(result, masks.lookup(input));
  }
  if (work.hasFailed())
    return failure();
  return results;
}

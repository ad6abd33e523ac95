//===- CoreLayers.cpp - embeddings, and layers that do nothing at inference -===//
//
// Part of tflc, under the Apache License 2.0.
//
//===----------------------------------------------------------------------===//

#include "LayerBuilder.h"

#include "TF/IR/TFOps.h"

using namespace llvm;
using namespace mlir;
using namespace tflc;
using namespace tflc::keras;

/// Layers of training only, and those that check or name.
static Values buildIdentity(LayerBuilder &, ArrayRef<Value> inputs) { return Values(inputs); }

/// Layers of training only that turn pictures of integers into floats all the same.
static Values buildFloats(LayerBuilder &layer, ArrayRef<Value> inputs) {
  Value x = inputs.front();
  return {layer.isFloat(x) ? x : layer.cast(x, layer.b.getF32Type())};
}

static Values buildEmbedding(LayerBuilder &layer, ArrayRef<Value> inputs) {
  Value table = layer.takeWeight();
  Value indices = layer.cast(inputs.front(), layer.b.getI32Type());
  Value rows = layer.make<tf::GatherV2Op>(table, indices, layer.makeIndex(0));
  if (layer.getFlag("mask_zero", false))
    layer.setMask(rows, layer.makeAs<tf::NotEqualOp>(layer.b.getI1Type(), indices,
                                                     layer.makeScalar(0, indices)));
  return {rows};
}

/// The products with all rows of the table, those of a softmax at the end of a language model.
static Value multiplyRows(LayerBuilder &layer, Value x, Value table) {
  Value kernel =
      layer.getFlag("tie_weights", true) ? layer.transpose(table, {1, 0}) : layer.takeWeight();
  x = layer.multiply(x, kernel);
  const json::Value *cap = layer.config.get("logit_soft_cap");
  std::optional<double> limit = cap ? cap->getAsNumber() : std::nullopt;
  // Keras takes a limit of zero for none.
  if (!limit || *limit == 0)
    return x;
  x = layer.make<tf::TanhOp>(layer.make<tf::RealDivOp>(x, layer.makeScalar(*limit, x)));
  return layer.make<tf::MulOp>(x, layer.makeScalar(*limit, x));
}

static Values buildReversibleEmbedding(LayerBuilder &layer, ArrayRef<Value> inputs) {
  if (layer.keywords.has("reverse")) {
    Value table = layer.takeWeight();
    return {layer.hasFailed() ? table : multiplyRows(layer, inputs.front(), table)};
  }
  return buildEmbedding(layer, inputs);
}

/// Steps all of whose features have one value do not count, and become zero.
static Values buildMasking(LayerBuilder &layer, ArrayRef<Value> inputs) {
  Value x = inputs.front();
  Type i1 = layer.b.getI1Type();
  Value differs =
      layer.makeAs<tf::NotEqualOp>(i1, x, layer.makeScalar(layer.getNumber("mask_value", 0.0), x));
  int64_t last = layer.getRank(x) - 1;
  Value mask = layer.makeAs<tf::AnyOp>(i1, differs, layer.makeVector({last}), /*keep_dims=*/false);
  Value factor = layer.cast(layer.expandDims(mask, last), layer.getElementType(x));
  Value masked = layer.make<tf::MulOp>(x, factor);
  layer.setMask(masked, mask);
  return {masked};
}

void tflc::keras::addCoreLayers(LayerTable &table) {
  for (const char *name : {"ActivityRegularization",
                           "AlphaDropout",
                           "Dropout",
                           "Equalization",
                           "GaussianDropout",
                           "GaussianNoise",
                           "Identity",
                           "MixUp",
                           "RandomBrightness",
                           "RandomColorDegeneration",
                           "RandomColorJitter",
                           "RandomContrast",
                           "RandomGrayscale",
                           "RandomHue",
                           "RandomInvert",
                           "RandomPosterization",
                           "RandomSaturation",
                           "SpatialDropout1D",
                           "SpatialDropout2D",
                           "SpatialDropout3D",
                           "StochasticDepth"})
    table[name] = buildIdentity;
  for (const char *name :
       {"AugMix", "CutMix", "RandAugment", "RandomElasticTransform", "RandomErasing", "RandomFlip",
        "RandomGaussianBlur", "RandomPerspective", "RandomRotation", "RandomSharpness",
        "RandomShear", "RandomTranslation", "RandomZoom", "Solarization"})
    table[name] = buildFloats;
  table["Embedding"] = buildEmbedding;
  table["ReversibleEmbedding"] = buildReversibleEmbedding;
  table["Masking"] = buildMasking;
}

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

static Values buildEmbedding(LayerBuilder &layer, ArrayRef<Value> inputs) {
  Value table = layer.takeWeight();
  Value indices = layer.cast(inputs.front(), layer.b.getI32Type());
  Value rows = layer.make<tf::GatherV2Op>(table, indices, layer.makeIndex(0));
  if (layer.getFlag("mask_zero", false))
    layer.setMask(rows, layer.makeAs<tf::NotEqualOp>(layer.b.getI1Type(), indices,
                                                     layer.makeScalar(0, indices)));
  return {rows};
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
                           "AugMix",
                           "CutMix",
                           "Dropout",
                           "GaussianDropout",
                           "GaussianNoise",
                           "Identity",
                           "MixUp",
                           "RandAugment",
                           "RandomBrightness",
                           "RandomColorDegeneration",
                           "RandomColorJitter",
                           "RandomContrast",
                           "RandomElasticTransform",
                           "RandomErasing",
                           "RandomFlip",
                           "RandomGaussianBlur",
                           "RandomGrayscale",
                           "RandomHue",
                           "RandomInvert",
                           "RandomPerspective",
                           "RandomPosterization",
                           "RandomRotation",
                           "RandomSaturation",
                           "RandomSharpness",
                           "RandomShear",
                           "RandomTranslation",
                           "RandomZoom",
                           "SpatialDropout1D",
                           "SpatialDropout2D",
                           "SpatialDropout3D",
                           "StochasticDepth"})
    table[name] = buildIdentity;
  table["Embedding"] = buildEmbedding;
  table["Masking"] = buildMasking;
}

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
  if (layer.getFlag("mask_zero", false))
    return {layer.fault("masks are not supported (mask_zero)")};
  Value table = layer.takeWeight();
  Value indices = layer.cast(inputs.front(), layer.b.getI32Type());
  return {layer.make<tf::GatherV2Op>(table, indices, layer.makeIndex(0))};
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
                           "SpatialDropout3D"})
    table[name] = buildIdentity;
  table["Embedding"] = buildEmbedding;
}

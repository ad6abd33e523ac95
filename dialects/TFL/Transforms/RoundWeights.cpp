//===- RoundWeights.cpp - choose weights of four bits ---------------------===//
//
// Part of tflc, under the Apache License 2.0.
//
//===----------------------------------------------------------------------===//

#include "GivenTypes.h"
#include "LinearLayers.h"

#include "TFL/IR/ElementTypes.h"
#include "TFL/IR/MultiplyAccumulate.h"
#include "TFL/IR/TFLDialect.h"
#include "TFL/Transforms/Passes.h"
#include "TFL/Transforms/WeightPasses.h"
#include "tflc/Quantization/RoundWeights.h"

using namespace mlir;

namespace tflc::tfl {
#define GEN_PASS_DEF_ROUNDWEIGHTSPASS
#include "TFL/Transforms/WeightPasses.h.inc"
} // namespace tflc::tfl

using namespace tflc;
using namespace tflc::tfl;

namespace {

class RoundWeights : public tflc::tfl::impl::RoundWeightsPassBase<RoundWeights> {
public:
  using Base = tflc::tfl::impl::RoundWeightsPassBase<RoundWeights>;
  using Base::Base;

  void runOnOperation() override {
    getOperation().walk([&](QuantizationOpInterface op) {
      std::optional<LinearLayer> layer = LinearLayer::get(op);
      if (!layer || op->hasAttr(keepFloatName) || !op->hasTrait<TakesInt4Weights>() ||
          (hybrid && layer->isDepthwise()) || getBits(op) != width)
        return;
      auto type = cast<RankedTensorType>(layer->getWeights().getOutput().getType());
      if (type.getNumElements() >= minElements && !getGivenType(layer->getWeights().getOutput()))
        round(*layer);
    });
  }

private:
  static constexpr unsigned width = 4;

  unsigned getBits(Operation *op) const {
    auto ownBits = op->getAttrOfType<IntegerAttr>(weightBitsName);
    return ownBits ? unsigned(ownBits.getInt()) : bits;
  }

  void round(const LinearLayer &layer) const {
    ConstOp constant = layer.getWeights();
    int axis = layer.getChannelAxis();
    constexpr int64_t storedMax = 7;
    std::vector<FloatRange> ranges = getWeightRanges(constant, axis, /*clip=*/true, width);
    quant::QuantizedType type = getWeightsType(constant.getContext(), width, ranges, axis);
    std::vector<float> wanted = getFloats(constant), weights = wanted;
    std::optional<Quantization> quantization = getQuantization(RankedTensorType::get({1}, type));

    // Rows that meet the channels of the input in order; a depthwise weight stands alone.
    size_t length = layer.isDepthwise() ? 1 : size_t(layer.getNumInputs());
    ArrayRef<float> products;
    if (auto known = layer.getOp()->getAttrOfType<DenseF32ArrayAttr>(inputProductsName))
      products = known;
    WeightRounder rounder(length, length == 1 ? ArrayRef<float>() : products);
    for (size_t at = 0; at < weights.size(); at += length)
      rounder.round(MutableArrayRef(weights).slice(at, length),
                    quantization->getScale(layer.getOutputOf(at)), storedMax);
    if (auto means = layer.getOp()->getAttrOfType<DenseF32ArrayAttr>(inputMeansName);
        means && correctBiases)
      layer.correctBias(wanted, weights, means);
    layer.setWeights(weights);
    setGivenType(layer.getWeights().getOutput(), type);
  }
};

} // namespace

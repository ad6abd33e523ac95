//===- CorrectBiases.cpp - make up for the mean error of weights ----------===//
//
// Part of tflc, under the Apache License 2.0.
//
//===----------------------------------------------------------------------===//

#include "GivenTypes.h"
#include "LinearLayers.h"

#include "TFL/IR/ElementTypes.h"
#include "TFL/IR/TFLDialect.h"
#include "TFL/Transforms/Passes.h"
#include "TFL/Transforms/WeightPasses.h"

using namespace mlir;

namespace tflc::tfl {
#define GEN_PASS_DEF_CORRECTBIASESPASS
#include "TFL/Transforms/WeightPasses.h.inc"
} // namespace tflc::tfl

using namespace tflc;
using namespace tflc::tfl;

namespace {

class CorrectBiases : public tflc::tfl::impl::CorrectBiasesPassBase<CorrectBiases> {
public:
  using Base = tflc::tfl::impl::CorrectBiasesPassBase<CorrectBiases>;
  using Base::Base;

  void runOnOperation() override {
    getOperation().walk([&](QuantizationOpInterface op) {
      auto means = op->getAttrOfType<DenseF32ArrayAttr>(inputMeansName);
      std::optional<LinearLayer> layer = LinearLayer::get(op);
      // Weights with a type of their own are what they will be.
      if (!means || !layer || op->hasAttr(keepFloatName) ||
          getGivenType(layer->getWeights().getOutput()))
        return;
      std::vector<float> weights = getFloats(layer->getWeights());
      layer->correctBias(weights, getRounded(*layer), means);
    });
  }

private:
  /// The weights as quantization will round them.
  std::vector<float> getRounded(const LinearLayer &layer) const {
    ConstOp constant = layer.getWeights();
    int axis = layer.getChannelAxis();
    constexpr int64_t storedMax = 127;
    std::vector<FloatRange> ranges = getWeightRanges(constant, axis, clipWeights);
    quant::QuantizedType type = getWeightsType(constant.getContext(), /*width=*/8, ranges, axis);
    std::optional<Quantization> quantization = getQuantization(RankedTensorType::get({1}, type));
    std::vector<float> weights = getFloats(constant);
    for (auto [i, value] : llvm::enumerate(weights)) {
      float scale = quantization->getScale(layer.getOutputOf(i));
      value = scale * float(quantizeValue(value, {scale, 0}, -storedMax, storedMax));
    }
    return weights;
  }
};

} // namespace

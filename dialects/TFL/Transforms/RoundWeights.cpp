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
      if (op->hasAttr(keepFloatName) || !op->hasTrait<TakesInt4Weights>() || getBits(op) != width)
        return;
      if (std::optional<LinearLayer> layer = LinearLayer::get(op)) {
        if (!(hybrid && layer->isDepthwise()) && mayRound(layer->getWeights()))
          round(*layer);
      } else if (ConstOp table = findTable(op); table && hybrid && mayRound(table)) {
        roundTable(table);
      }
    });
  }

private:
  static constexpr unsigned width = 4;

  unsigned getBits(Operation *op) const {
    auto ownBits = op->getAttrOfType<IntegerAttr>(weightBitsName);
    return ownBits ? unsigned(ownBits.getInt()) : bits;
  }

  bool mayRound(ConstOp constant) const {
    Value value = constant.getOutput();
    return cast<RankedTensorType>(value.getType()).getNumElements() >= minElements &&
           !getGivenType(value);
  }

  /// Weights of an operator without a bias are rows to pick from. The kernel wants them to begin
  /// with a byte each.
  static ConstOp findTable(QuantizationOpInterface op) {
    const QuantizationRule &rule = op.getQuantizationRule();
    if (rule.weights.size() != 1 || !rule.biases.empty())
      return {};
    ConstOp constant = getFloatConstant(op->getOperand(rule.weights.front().operand));
    if (!constant)
      return {};
    ArrayRef<int64_t> shape = cast<RankedTensorType>(constant.getOutput().getType()).getShape();
    return ShapedType::getNumElements(shape.drop_front()) % 2 == 0 ? constant : ConstOp();
  }

  static void roundTable(ConstOp table) {
    std::vector<FloatRange> ranges = getWeightRanges(table, /*axis=*/0, /*clip=*/true, width);
    setGivenType(table.getOutput(), getWeightsType(table.getContext(), width, ranges, /*axis=*/0));
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

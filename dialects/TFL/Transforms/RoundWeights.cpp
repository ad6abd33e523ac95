//===- RoundWeights.cpp - choose weights of four bits ---------------------===//
//
// Part of tflc, under the Apache License 2.0.
//
//===----------------------------------------------------------------------===//

#include "GivenTypes.h"
#include "LinearLayers.h"
#include "OperatorModes.h"

#include "TFL/IR/BlockQuantization.h"
#include "TFL/IR/ElementTypes.h"
#include "TFL/IR/MultiplyAccumulate.h"
#include "TFL/IR/TFLDialect.h"
#include "TFL/Transforms/Passes.h"
#include "TFL/Transforms/WeightPasses.h"
#include "tflc/Quantization/ClipWeights.h"
#include "tflc/Quantization/RoundWeights.h"

#include "llvm/ADT/APFloat.h"
#include "llvm/ADT/MapVector.h"

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
    withoutBlocks.clear();
    hasBlocks = false;
    getOperation().walk([&](QuantizationOpInterface op) {
      if (op->hasAttr(keepFloatName) || !op->hasTrait<TakesInt4Weights>() ||
          getOwnMode(op) == QuantizationMode::Int16x8 ||
          getNumber(op, weightBitsName, bits) != width)
        return;
      if (std::optional<LinearLayer> layer = LinearLayer::get(op)) {
        if (!(hybrid && layer->isDepthwise()) && mayRound(layer->getWeights()))
          round(*layer);
      } else if (ConstOp table = findTable(op); table && hybrid && mayRound(table)) {
        roundTable(op, table);
      }
    });
    warnOfMissingBlocks();
  }

private:
  static constexpr unsigned width = 4;
  static constexpr int64_t storedMax = 7;

  /// What a rule says of an operator, else what holds for all.
  static unsigned getNumber(Operation *op, StringRef name, unsigned others) {
    auto own = op->getAttrOfType<IntegerAttr>(name);
    return own ? unsigned(own.getInt()) : others;
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

  size_t chooseBlockSize(QuantizationOpInterface op, ConstOp constant);
  void roundTable(QuantizationOpInterface op, ConstOp table);
  void round(const LinearLayer &layer);
  static quant::QuantizedType roundChannels(const LinearLayer &layer, ArrayRef<float> products,
                                            MutableArrayRef<float> weights);
  void warnOfMissingBlocks();

  /// Operators that were to have a scale for each block, by the reason why they have none.
  llvm::MapVector<StringRef, SmallVector<Operation *>> withoutBlocks;
  bool hasBlocks = false;
};

} // namespace

//===----------------------------------------------------------------------===//
// A scale for each block
//===----------------------------------------------------------------------===//

/// Why the weights of an operator cannot have blocks; empty where they can.
static StringRef findObstacle(QuantizationOpInterface op, RankedTensorType weights,
                              unsigned blockSize) {
  if (!op.getQuantizationRule().blockScales || weights.getRank() != 2)
    return "no kernel reads a scale for each block of its weights";
  return weights.getDimSize(1) % blockSize == 0 ? "" : "its rows of weights are no whole blocks";
}

bool tflc::tfl::takesBlocks(Operation *op, unsigned blockSize) {
  auto interface = dyn_cast<QuantizationOpInterface>(op);
  if (!interface || interface.getQuantizationRule().weights.empty())
    return false;
  Value weights = op->getOperand(interface.getQuantizationRule().weights.front().operand);
  return getFloatConstant(weights) &&
         findObstacle(interface, cast<RankedTensorType>(weights.getType()), blockSize).empty();
}

/// The weights that share a scale; 0 for all of a channel.
size_t RoundWeights::chooseBlockSize(QuantizationOpInterface op, ConstOp constant) {
  unsigned wanted = getNumber(op, weightBlockName, block);
  if (!hybrid || wanted == 0)
    return 0;
  StringRef obstacle =
      findObstacle(op, cast<RankedTensorType>(constant.getOutput().getType()), wanted);
  if (obstacle.empty()) {
    hasBlocks = true;
    return wanted;
  }
  withoutBlocks[obstacle].push_back(op);
  return 0;
}

/// The clipped scale of a block, as float16, which the file has.
static float chooseBlockScale(ArrayRef<float> block, unsigned width, int64_t storedMax) {
  float magnitude = chooseMagnitude(block, width);
  float scale = chooseSymmetric({-magnitude, magnitude}, storedMax).scale;
  // A scale must not become zero.
  constexpr float leastHalf = 0x1p-24f;
  uint16_t half = narrowToHalf(std::max(scale, leastHalf));
  return APFloat(APFloat::IEEEhalf(), APInt(16, half)).convertToFloat();
}

/// Rounds rows of `length` weights and gives them the type of their scales.
static quant::QuantizedType roundBlocks(const WeightRounder &rounder, size_t length,
                                        size_t blockSize, unsigned width, int64_t storedMax,
                                        RankedTensorType type, MutableArrayRef<float> weights) {
  std::vector<float> scales;
  for (size_t at = 0; at < weights.size(); at += length)
    llvm::append_range(scales, rounder.roundBlocks(weights.slice(at, length), blockSize, storedMax,
                                                   [&](ArrayRef<float> values) {
                                                     return chooseBlockScale(values, width,
                                                                             storedMax);
                                                   }));
  SmallVector<int64_t> shape(type.getShape());
  shape.back() /= int64_t(blockSize);
  return getBlockType(type.getContext(), shape, scales, int64_t(blockSize));
}

/// The option holds for what can have blocks; who names an operator wants to know that it cannot.
void RoundWeights::warnOfMissingBlocks() {
  for (auto &[reason, ops] : withoutBlocks) {
    if (hasBlocks)
      llvm::erase_if(ops, [](Operation *op) { return !op->hasAttr(weightBlockName); });
    if (ops.empty())
      continue;
    InFlightDiagnostic warning = ops.front()->emitWarning(reason);
    warning << "; each channel has a scale";
    if (ops.size() > 1)
      warning.attachNote() << "so it is for " << ops.size() << " operators in all";
  }
}

//===----------------------------------------------------------------------===//
// Operators
//===----------------------------------------------------------------------===//

/// What picks rows knows no products: each weight is rounded by itself.
void RoundWeights::roundTable(QuantizationOpInterface op, ConstOp table) {
  auto type = cast<RankedTensorType>(table.getOutput().getType());
  quant::QuantizedType stored;
  if (size_t blockSize = chooseBlockSize(op, table)) {
    size_t length = type.getDimSize(1);
    std::vector<float> values = getFloats(table);
    stored =
        roundBlocks(WeightRounder(length, {}), length, blockSize, width, storedMax, type, values);
  } else {
    std::vector<FloatRange> ranges = getWeightRanges(table, /*axis=*/0, /*clip=*/true, width);
    stored = getWeightsType(table.getContext(), width, ranges, /*axis=*/0);
  }
  setGivenType(table.getOutput(), stored);
}

/// Rounds the weights with a scale for each channel.
quant::QuantizedType RoundWeights::roundChannels(const LinearLayer &layer, ArrayRef<float> products,
                                                 MutableArrayRef<float> weights) {
  int axis = layer.getChannelAxis();
  std::vector<FloatRange> ranges = getWeightRanges(layer.getWeights(), axis, /*clip=*/true, width);
  quant::QuantizedType type = getWeightsType(layer.getOp()->getContext(), width, ranges, axis);
  std::optional<Quantization> quantization = getQuantization(RankedTensorType::get({1}, type));
  // Rows that meet the channels of the input in order; a depthwise weight stands alone.
  size_t length = layer.isDepthwise() ? 1 : size_t(layer.getNumInputs());
  WeightRounder rounder(length, length == 1 ? ArrayRef<float>() : products);
  for (size_t at = 0; at < weights.size(); at += length)
    rounder.round(weights.slice(at, length), quantization->getScale(layer.getOutputOf(at)),
                  storedMax);
  return type;
}

void RoundWeights::round(const LinearLayer &layer) {
  ConstOp constant = layer.getWeights();
  std::vector<float> wanted = getFloats(constant), weights = wanted;
  ArrayRef<float> products;
  if (auto known = layer.getOp()->getAttrOfType<DenseF32ArrayAttr>(inputProductsName))
    products = known;
  quant::QuantizedType type;
  if (size_t blockSize = chooseBlockSize(cast<QuantizationOpInterface>(layer.getOp()), constant)) {
    auto shaped = cast<RankedTensorType>(constant.getOutput().getType());
    size_t length = layer.getNumInputs();
    // Blocks that reach over the channels of one position are rounded without their products.
    if (length % blockSize != 0) {
      length = shaped.getDimSize(1);
      products = {};
    }
    type = roundBlocks(WeightRounder(length, products), length, blockSize, width, storedMax, shaped,
                       weights);
  } else {
    type = roundChannels(layer, products, weights);
  }
  if (auto means = layer.getOp()->getAttrOfType<DenseF32ArrayAttr>(inputMeansName);
      means && correctBiases)
    layer.correctBias(wanted, weights, means);
  layer.setWeights(weights);
  setGivenType(layer.getWeights().getOutput(), type);
}

//===- LayerOperands.cpp - weights, biases and states as integers ---------===//
//
// Part of tflc, under the Apache License 2.0.
//
//===----------------------------------------------------------------------===//

#include "LayerOperands.h"

#include "GivenTypes.h"

#include "TFL/IR/ElementTypes.h"

#include <cmath>

using namespace mlir;
using namespace tflc;
using namespace tflc::tfl;

/// The intermediate tensor between a layer's cells and its projection is a product of a sigmoid and
/// a tangent: between -1 and 1.
static constexpr float hiddenScale = 1.0f / 128;

bool LayerOperands::has(int operand) const {
  return operand >= 0 && unsigned(operand) < op->getNumOperands() &&
         isPresent(op->getOperand(unsigned(operand)));
}

ConstOp LayerOperands::getConstant(unsigned operand) const {
  return has(int(operand)) ? getFloatConstant(op->getOperand(operand)) : ConstOp();
}

static quant::UniformQuantizedType getUniform(Value value) {
  return dyn_cast<quant::UniformQuantizedType>(getElementTypeOrSelf(value.getType()));
}

//===----------------------------------------------------------------------===//
// States and intermediate tensors
//===----------------------------------------------------------------------===//

/// What the integers of a type stand for.
static FloatRange getReals(quant::UniformQuantizedType type) {
  auto toReal = [&](int64_t stored) {
    return float(type.getScale() * double(stored - type.getZeroPoint()));
  };
  return {toReal(type.getStorageTypeMin()), toReal(type.getStorageTypeMax())};
}

/// For each row of a matrix the largest magnitude of its product with a vector in `range`.
static std::vector<double> boundProducts(ConstOp matrix, FloatRange range) {
  std::vector<float> values = getFloats(matrix);
  auto rows = size_t(cast<RankedTensorType>(matrix.getOutput().getType()).getDimSize(0));
  std::vector<double> bounds;
  for (size_t row = 0, length = values.size() / rows; row < rows; ++row) {
    double least = 0, largest = 0;
    for (float value : ArrayRef(values).slice(row * length, length)) {
      double first = double(value) * range.min, second = double(value) * range.max;
      least += std::min(first, second);
      largest += std::max(first, second);
    }
    bounds.push_back(std::max(-least, largest));
  }
  return bounds;
}

static quant::UniformQuantizedType getWordType(MLIRContext *context, double magnitude) {
  return getActivationType(context, 16, FloatRange{float(-magnitude), float(magnitude)});
}

void LayerOperands::quantizeState(const StateRule &state) {
  Value value = op->getOperand(state.operand);
  quant::UniformQuantizedType type;
  if (state.result)
    type = plan.getType(op->getResult(*state.result));
  else if (state.input)
    type = getWordType(op->getContext(), *llvm::max_element(boundProducts(
                                             getConstant(state.weights),
                                             getReals(getUniform(op->getOperand(*state.input))))));
  else
    type = getShortStateType(op->getContext(), state);
  value.setType(RankedTensorType::get(cast<RankedTensorType>(value.getType()).getShape(), type));
}

/// Calibration does not see the sum: it is bounded by what goes into it.
Type LayerOperands::getSumType(const NormalizationRule &normalization) const {
  std::vector<double> bounds;
  auto add = [&](ArrayRef<double> more) {
    bounds.resize(more.size());
    for (auto [bound, value] : llvm::zip_equal(bounds, more))
      bound += value;
  };
  if (ConstOp weights = getConstant(normalization.inputWeights))
    add(boundProducts(weights, getReals(getUniform(op->getOperand(0)))));
  for (const StateRule &state : rule.states) {
    FloatRange range = getReals(getUniform(op->getOperand(state.operand)));
    if (ConstOp weights = getConstant(normalization.stateWeights); weights && state.result)
      add(boundProducts(weights, range));
    if (!state.result && has(normalization.cellWeights))
      add(boundProducts(getConstant(unsigned(normalization.cellWeights)), range));
  }
  return getWordType(op->getContext(),
                     bounds.empty() ? 0 : *std::max_element(bounds.begin(), bounds.end()));
}

/// The kernel reads the types of tensors inside of the operator. Without a projection the last one
/// is the result; without normalization the others do not matter.
void LayerOperands::setIntermediates() {
  MLIRContext *context = op->getContext();
  Type real = Float32Type::get(context);
  SmallVector<Type> types(rule.numIntermediates, real);
  types.back() = plan.getType(op->getResult(0));
  for (const BiasRule &bias : rule.biases)
    if (bias.intermediate && has(int(bias.weights)))
      types[*bias.intermediate] =
          getActivationType(context, 8, /*isSigned=*/true, {hiddenScale, 0});
  // Where one sum is normalized, the kernel reads the types of all, also of a gate without weights.
  if (llvm::any_of(rule.normalizations, [&](const NormalizationRule &normalization) {
        return has(int(normalization.weights));
      }))
    for (const NormalizationRule &normalization : rule.normalizations)
      types[normalization.intermediate] = getSumType(normalization);
  SmallVector<Attribute> attributes = llvm::map_to_vector(types, [](Type type) -> Attribute {
    return TypeAttr::get(RankedTensorType::get({0}, type));
  });
  op->setAttr("intermediates", ArrayAttr::get(context, attributes));
}

//===----------------------------------------------------------------------===//
// Weights and biases
//===----------------------------------------------------------------------===//

/// The scale of what the weights of a bias are multiplied with; none where the bias is not added to
/// such products.
std::optional<float> LayerOperands::getBiasInputScale(const BiasRule &bias) const {
  if (bias.intermediate)
    return hiddenScale;
  const NormalizationRule *normalization = rule.findNormalization(bias.operand);
  if (normalization && has(int(normalization->weights)))
    return std::nullopt;
  quant::UniformQuantizedType input = getUniform(op->getOperand(bias.input));
  return input ? std::optional(float(input.getScale())) : std::nullopt;
}

/// A weight's scale may be too small to express the bias with it in 32 bits; then it is widened.
static std::vector<FloatRange> widenForBias(std::vector<FloatRange> ranges, ConstOp bias,
                                            float inputScale, int64_t storedMax) {
  // Half of the range stays for the sum of products.
  constexpr double largestBias = 1 << 30;
  std::vector<float> values = getFloats(bias);
  for (auto [i, value] : llvm::enumerate(values)) {
    FloatRange &range = ranges[ranges.size() == 1 ? 0 : i];
    double needed =
        std::abs(double(value)) / (double(inputScale) * largestBias) * double(storedMax);
    double present = std::max(std::abs(range.min), std::abs(range.max));
    // A slice of zeros takes the scale of its neighbours, which is not small.
    if (present != 0 && needed > present && std::isfinite(needed))
      range.include({0, float(needed)});
  }
  return ranges;
}

void LayerOperands::quantizeWeights(const WeightsRule &weights) {
  ConstOp constant = getConstant(weights.operand);
  if (!constant)
    return;
  quant::QuantizedType type = getGivenType(constant.getOutput());
  if (!type) {
    bool isShort = weights.integerWidth == 16;
    std::vector<FloatRange> ranges =
        getWeightRanges(constant, weights.channelAxis, clipWeights && !isShort);
    int64_t storedMax =
        quant::QuantizedType::getDefaultMaximumForInteger(true, weights.integerWidth);
    for (const BiasRule &bias : rule.biases)
      if (bias.weights == weights.operand && plan.getWidth(op) == 8)
        if (ConstOp values = getConstant(bias.operand))
          if (std::optional<float> scale = getBiasInputScale(bias))
            ranges = widenForBias(std::move(ranges), values, *scale, storedMax);
    type = getWeightsType(op->getContext(), weights.integerWidth, ranges, weights.channelAxis);
  }
  op->setOperand(weights.operand, constants.get(constant, type, /*narrow=*/true));
}

void LayerOperands::quantizeBias(const BiasRule &bias) {
  ConstOp constant = getConstant(bias.operand);
  if (!constant)
    return;
  std::vector<float> scales;
  if (std::optional<float> input = getBiasInputScale(bias)) {
    std::optional<Quantization> weights = getQuantization(op->getOperand(bias.weights).getType());
    for (float scale : weights->scales)
      scales.push_back(*input * scale);
  } else {
    constexpr float normalizedScale = 1.0f / 1024;
    unsigned weights = rule.findNormalization(bias.operand)->weights;
    scales.push_back(normalizedScale * float(getUniform(op->getOperand(weights)).getScale()));
  }
  op->setOperand(bias.operand,
                 constants.getBias(constant, scales, plan.getWidth(op) == 8 ? 32 : 64));
}

void LayerOperands::quantize() {
  // The weights are still floats where they bound what they make.
  for (const StateRule &state : rule.states)
    quantizeState(state);
  if (rule.numIntermediates != 0)
    setIntermediates();
  for (const WeightsRule &weights : rule.weights)
    quantizeWeights(weights);
  // Biases need the scales of both others.
  for (const BiasRule &bias : rule.biases)
    quantizeBias(bias);
}

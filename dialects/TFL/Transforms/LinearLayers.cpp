//===- LinearLayers.cpp - operators with constant weights -----------------===//
//
// Part of tflc, under the Apache License 2.0.
//
//===----------------------------------------------------------------------===//

#include "LinearLayers.h"

#include "TFL/IR/TFLDialect.h"

using namespace mlir;
using namespace tflc::tfl;

std::optional<LinearLayer> LinearLayer::get(Operation *op) {
  auto interface = dyn_cast_or_null<QuantizationOpInterface>(op);
  if (!interface)
    return std::nullopt;
  const QuantizationRule &rule = interface.getQuantizationRule();
  if (rule.weights.size() != 1 || rule.biases.size() != 1 || rule.weights[0].channelAxis < 0 ||
      rule.biases[0].weights != rule.weights[0].operand || op->getNumResults() != 1)
    return std::nullopt;
  LinearLayer layer;
  layer.op = op;
  layer.input = rule.biases[0].input;
  layer.weights = rule.weights[0].operand;
  layer.bias = rule.biases[0].operand;
  layer.channelAxis = rule.weights[0].channelAxis;
  ConstOp constant = layer.getWeights();
  auto inputType = dyn_cast<RankedTensorType>(op->getOperand(layer.input).getType());
  if (!constant || !inputType || !inputType.getElementType().isF32() || inputType.getRank() == 0)
    return std::nullopt;
  auto type = cast<RankedTensorType>(constant.getOutput().getType());
  layer.size = type.getNumElements();
  layer.numInputs = inputType.getShape().back();
  if (layer.size == 0 || type.getRank() < 2 || layer.numInputs <= 0)
    return std::nullopt;
  layer.lastSize = type.getShape().back();
  layer.numOutputs = type.getDimSize(layer.channelAxis);
  // A fully connected layer may read several rows of channels as one.
  int64_t whole = layer.isDepthwise() ? layer.numOutputs : layer.lastSize;
  if (whole % layer.numInputs != 0)
    return std::nullopt;
  return layer;
}

ConstOp LinearLayer::getBias() const {
  return bias < op->getNumOperands() ? getFloatConstant(op->getOperand(bias)) : ConstOp();
}

int64_t LinearLayer::getInputOf(size_t index) const {
  int64_t last = int64_t(index) % lastSize;
  return isDepthwise() ? last / (numOutputs / numInputs) : last % numInputs;
}

int64_t LinearLayer::getOutputOf(size_t index) const {
  return isDepthwise() ? int64_t(index) % lastSize : int64_t(index) / (size / numOutputs);
}

void LinearLayer::correctBias(ArrayRef<float> wanted, ArrayRef<float> found,
                              ArrayRef<float> means) const {
  ConstOp constant = getBias();
  if (!constant || means.size() != size_t(numInputs))
    return;
  std::vector<float> values = getFloats(constant);
  if (values.size() != size_t(numOutputs))
    return;
  std::vector<double> shifts(numOutputs, 0);
  for (auto [i, pair] : llvm::enumerate(llvm::zip_equal(wanted, found)))
    shifts[getOutputOf(i)] +=
        (double(std::get<1>(pair)) - std::get<0>(pair)) * means[getInputOf(i)];
  for (auto [value, shift] : llvm::zip_equal(values, shifts))
    value = float(value - shift);
  setBias(values);
}

void LinearLayer::replace(unsigned operand, ArrayRef<float> values) const {
  ConstOp present = getFloatConstant(op->getOperand(operand));
  OpBuilder builder(present);
  auto type = cast<RankedTensorType>(present.getOutput().getType());
  auto constant =
      ConstOp::create(builder, present.getLoc(), type, DenseElementsAttr::get(type, values));
  op->setOperand(operand, constant);
  if (present.use_empty())
    present.erase();
}

//===- LayerOperands.h - weights, biases and states as integers -*- C++ -*-===//
//
// Part of tflc, under the Apache License 2.0.
//
//===----------------------------------------------------------------------===//

#ifndef TFL_TRANSFORMS_LAYEROPERANDS_H
#define TFL_TRANSFORMS_LAYEROPERANDS_H

#include "QuantizationPlan.h"
#include "QuantizedConstants.h"

namespace tflc::tfl {

/// Quantizes what an operator reads beside its activations, as its rule says: weights, biases,
/// states, and the types of the tensors inside of it.
class LayerOperands {
public:
  /// The operator's activations are quantized; its results are still floats.
  LayerOperands(QuantizationOpInterface op, const QuantizationPlan &plan,
                QuantizedConstants &constants, bool clipWeights)
      : op(op), rule(op.getQuantizationRule()), plan(plan), constants(constants),
        clipWeights(clipWeights) {}

  void quantize();

private:
  bool has(int operand) const;
  ConstOp getConstant(unsigned operand) const;
  std::optional<float> getBiasInputScale(const BiasRule &bias) const;
  void quantizeState(const StateRule &state);
  void setIntermediates();
  mlir::Type getSumType(const NormalizationRule &normalization) const;
  void quantizeWeights(const WeightsRule &weights);
  void quantizeBias(const BiasRule &bias);

  QuantizationOpInterface op;
  const QuantizationRule &rule;
  const QuantizationPlan &plan;
  QuantizedConstants &constants;
  bool clipWeights;
};

} // namespace tflc::tfl

#endif // TFL_TRANSFORMS_LAYEROPERANDS_H

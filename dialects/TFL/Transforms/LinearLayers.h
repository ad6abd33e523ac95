//===- LinearLayers.h - operators with constant weights ---------*- C++ -*-===//
//
// Part of tflc, under the Apache License 2.0.
//
//===----------------------------------------------------------------------===//

#ifndef TFL_TRANSFORMS_LINEARLAYERS_H
#define TFL_TRANSFORMS_LINEARLAYERS_H

#include "QuantizedConstants.h"

namespace tflc::tfl {

/// An operator whose result is linear in constant weights, as its quantization rule says: a
/// convolution or a fully connected layer. The channels of the input are its last dimension; those
/// of the result are `channelAxis` of the weights. Where that is the weights' first dimension,
/// their last one runs over the inputs, else (depthwise) each input channel has results of its own.
class LinearLayer {
public:
  /// Nothing where the operator is none, or where its sizes are not known.
  static std::optional<LinearLayer> get(mlir::Operation *op);

  mlir::Operation *getOp() const { return op; }
  mlir::OpOperand &getInput() const { return op->getOpOperand(input); }
  ConstOp getWeights() const { return getFloatConstant(op->getOperand(weights)); }
  /// Null where there is no bias.
  ConstOp getBias() const;
  int getChannelAxis() const { return channelAxis; }
  bool isDepthwise() const { return channelAxis != 0; }
  int64_t getNumInputs() const { return numInputs; }
  int64_t getNumOutputs() const { return numOutputs; }

  /// The channels that the weight at `index` of the constant leads from and to.
  int64_t getInputOf(size_t index) const;
  int64_t getOutputOf(size_t index) const;

  void setWeights(llvm::ArrayRef<float> values) const { replace(weights, values); }
  void setBias(llvm::ArrayRef<float> values) const { replace(bias, values); }

  /// Takes back, in the bias, how far the result is moved in the mean by weights that are `found`
  /// instead of `wanted`, where the channels of the input are `means` in the mean. Nothing is done
  /// where there is no bias.
  void correctBias(llvm::ArrayRef<float> wanted, llvm::ArrayRef<float> found,
                   llvm::ArrayRef<float> means) const;

private:
  /// Other users of the constant keep the old one.
  void replace(unsigned operand, llvm::ArrayRef<float> values) const;

  mlir::Operation *op = nullptr;
  unsigned input = 0, weights = 0, bias = 0;
  int channelAxis = 0;
  int64_t numInputs = 0, numOutputs = 0, size = 0, lastSize = 0;
};

} // namespace tflc::tfl

#endif // TFL_TRANSFORMS_LINEARLAYERS_H

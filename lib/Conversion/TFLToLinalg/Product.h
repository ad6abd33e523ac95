//===- Product.h - lowering of products with weights ------------*- C++ -*-===//
//
// Part of tflc, under the Apache License 2.0.
//
// Convolutions and dense layers share everything but their index arithmetic. Each becomes one
// contraction `sum of input * weights`, whose initial value is the bias, and one elementwise
// epilogue that rescales, clamps and narrows. A family's pattern says where the operands are read;
// `Product` says what is computed.
//
//===----------------------------------------------------------------------===//

#ifndef TFLC_LIB_CONVERSION_TFLTOLINALG_PRODUCT_H
#define TFLC_LIB_CONVERSION_TFLTOLINALG_PRODUCT_H

#include "DynamicRange.h"
#include "TFL/IR/ElementTypes.h"
#include "TFL/IR/ProductTypes.h"
#include "TFLRT/IR/TFLRTDialect.h"
#include "tflc/Quantization/Activation.h"
#include "tflc/Quantization/Multiplier.h"

#include "mlir/Dialect/Linalg/IR/Linalg.h"
#include "mlir/IR/PatternMatch.h"

namespace tflc {

/// An operator's operands and rules.
struct ProductSpec {
  mlir::Operation *op;
  /// The model's types; `biasType` is null where there is no bias.
  mlir::Type inputType, weightsType, biasType, outputType;
  /// The converted operands.
  mlir::Value weights, bias;
  llvm::StringRef activation;
  /// The dimension of the weights that counts the output channels.
  int64_t channelAxis;
  /// How results of 32 and of 64 bit accumulators are rounded.
  tflrt::Rounding rounding;
  tflrt::Rounding wideRounding = tflrt::Rounding::Reduced;
  /// Whether the product of two single scales is rounded to float.
  bool roundsScaleProduct;
  /// Width of the accumulator of int16 activations where no bias decides it.
  unsigned shortAccumulatorWidth = 64;
  /// How often the model's channels are repeated along the channel axis of `weights`.
  int64_t channelRepeats = 1;
};

/// What the operators with weights say of their product in the same words; the axis of the channels
/// and the rules of rounding are the caller's to add. `converted` is the converted `weights`.
template <typename OpT, typename AdaptorT>
ProductSpec describeProduct(OpT op, AdaptorT adaptor, mlir::Value weights, mlir::Value converted) {
  bool hasBias = tfl::isPresent(op.getBias());
  ProductSpec spec;
  spec.op = op;
  spec.inputType = op.getInput().getType();
  spec.weightsType = weights.getType();
  spec.biasType = hasBias ? op.getBias().getType() : mlir::Type();
  spec.outputType = op.getOutput().getType();
  spec.weights = converted;
  spec.bias = hasBias ? adaptor.getBias() : mlir::Value();
  spec.activation = op.getFusedActivationFunction();
  return spec;
}

class Product {
public:
  Product(mlir::PatternRewriter &builder, ProductSpec spec);

  /// Whether the rules of quantization hold; creates nothing.
  mlir::LogicalResult match();

  bool isHybrid() const { return kind == tfl::ProductKind::Hybrid; }

  /// The stored value that stands for zero in the input: what to pad with.
  mlir::Value createInputZero();

  /// The weights to read, of another shape with the same elements.
  mlir::Value createWeights(llvm::ArrayRef<int64_t> shape);

  /// The contraction. The maps of input and weights are over `iterators`, whose first parallel ones
  /// are the result's dimensions, of sizes `sizes`. The last dimensions of the result, of sizes
  /// `channels`, are the output channels.
  mlir::Value createContraction(mlir::Value input, mlir::AffineMap inputMap, mlir::Value weights,
                                mlir::AffineMap weightsMap,
                                llvm::ArrayRef<mlir::OpFoldResult> sizes,
                                llvm::ArrayRef<int64_t> channels, unsigned numReductions);

  /// The output from the accumulators. `rows` is how the input of a hybrid product was quantized.
  mlir::Value createEpilogue(mlir::Value accumulators, llvm::ArrayRef<int64_t> channels,
                             const RowQuantization *rows = nullptr);

private:
  mlir::Value createInit(llvm::ArrayRef<mlir::OpFoldResult> sizes,
                         llvm::ArrayRef<int64_t> channels);
  mlir::Value createRescaleEpilogue(mlir::Value accumulators, llvm::ArrayRef<int64_t> channels);
  mlir::Value createHybridEpilogue(mlir::Value accumulators, llvm::ArrayRef<int64_t> channels,
                                   const RowQuantization &rows);
  mlir::Value createFloatEpilogue(mlir::Value accumulators);
  mlir::Value createBias(llvm::ArrayRef<int64_t> channels);
  /// Bounds of a sum of products, and of its parts.
  struct ProductSum {
    int64_t min, max;
  };
  /// Those of each channel; one for all where only their number is known, none where that is not.
  llvm::SmallVector<ProductSum> boundProducts();
  void narrowSums();
  /// For each channel, the sum of its weights.
  llvm::SmallVector<int32_t> sumWeights();
  /// The least and the largest accumulator of each channel, one after the other; empty where
  /// weights or bias are not constant, or where 32 bits do not hold one of them.
  llvm::SmallVector<int32_t> boundAccumulators(llvm::ArrayRef<int64_t> channels);
  mlir::Value createWeightSums(llvm::ArrayRef<int64_t> channels);
  mlir::Value createTable(mlir::Type elementType, llvm::ArrayRef<int64_t> channels,
                          llvm::ArrayRef<int32_t> values);
  /// Reads a table of channels, the last dimensions of `rank`.
  mlir::AffineMap getChannelMap(int64_t rank, size_t channelRank);

  mlir::PatternRewriter &builder;
  mlir::Location loc;
  ProductSpec spec;
  tfl::ProductKind kind;
  mlir::Type accumulatorType;
  /// Whether the reference sums up in 64 bits.
  bool isWide = false;
  /// Whether the bias joins behind the sum.
  bool biasIsLast = false;
  /// The values of constant weights, zero point subtracted where it fits; null otherwise.
  mlir::DenseElementsAttr constantWeights;
  /// What remains to be subtracted in the contraction.
  int32_t inputZero = 0, weightsZero = 0;
  bool weightsAreUnsigned = false;
  /// The scales of the weights, one or as many as there are channels.
  llvm::SmallVector<float> weightScales;
  llvm::SmallVector<FixedPointMultiplier> multipliers;
  IntegerRange clamp = {0, 0};
  int32_t outputZero = 0;
  /// What constant weights and the input's zero point add to each bias.
  llvm::SmallVector<int32_t> biasCorrection;
};

/// `value`, statically shaped, with another shape of the same elements.
mlir::Value createReshape(mlir::OpBuilder &builder, mlir::Location loc, mlir::Value value,
                          llvm::ArrayRef<int64_t> shape);

/// Widens a scalar to an accumulator's type.
mlir::Value widenScalar(mlir::OpBuilder &builder, mlir::Location loc, mlir::Value value,
                        mlir::Type type, bool isUnsigned);

/// Applies a fused activation, TANH or a clamp (clampFloat), to a float scalar.
mlir::Value createFloatActivation(mlir::OpBuilder &builder, mlir::Location loc, mlir::Value value,
                                  llvm::StringRef activation);

} // namespace tflc

#endif // TFLC_LIB_CONVERSION_TFLTOLINALG_PRODUCT_H

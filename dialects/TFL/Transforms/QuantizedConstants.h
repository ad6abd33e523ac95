//===- QuantizedConstants.h - constants in their quantized form -*- C++ -*-===//
//
// Part of tflc, under the Apache License 2.0.
//
//===----------------------------------------------------------------------===//

#ifndef TFL_TRANSFORMS_QUANTIZEDCONSTANTS_H
#define TFL_TRANSFORMS_QUANTIZEDCONSTANTS_H

#include "TFL/IR/ConstantOps.h"
#include "tflc/Quantization/Parameters.h"

#include "llvm/ADT/DenseMap.h"

namespace tflc::tfl {

/// The constant that defines `value` and holds floats of 32 bits; null if there is none.
ConstOp getFloatConstant(mlir::Value value);

/// The values of a float constant.
std::vector<float> getFloats(ConstOp constant);

/// The range of one scale, or of one for each slice of `axis` (-1: one for all); `clip`: only as
/// wide as makes the squared error of weights of `width` bits least.
std::vector<FloatRange> getWeightRanges(ConstOp weights, int axis, bool clip = false,
                                        unsigned width = 8);

/// int8, uint8 or int16 with one scale and zero point.
mlir::quant::UniformQuantizedType getActivationType(mlir::MLIRContext *context, unsigned width,
                                                    bool isSigned,
                                                    QuantizationParameters parameters);

/// The type of an activation in `range`: int8 asymmetric, int16 symmetric.
mlir::quant::UniformQuantizedType getActivationType(mlir::MLIRContext *context, unsigned width,
                                                    FloatRange range);

/// Symmetric weights of `width` bits in `ranges`: per axis where there are several, or where
/// `axis` is given with a single slice.
mlir::quant::QuantizedType getWeightsType(mlir::MLIRContext *context, unsigned width,
                                          llvm::ArrayRef<FloatRange> ranges, int axis);

/// The same numbers as signed storage: uint8 with its zero points moved by 128 becomes int8.
mlir::quant::QuantizedType getSignedType(mlir::quant::QuantizedType type);

/// Makes quantized twins of float constants, each one once.
class QuantizedConstants {
public:
  /// The constant in `type`; values outside of its limits are clamped. `narrow`, for weights, keeps
  /// clear of the least stored value, as kernels want it.
  mlir::Value get(ConstOp constant, mlir::quant::QuantizedType type, bool narrow = false);

  /// A bias of `width` bits (32 or 64) with a scale for each of its elements, or one.
  mlir::Value getBias(ConstOp constant, llvm::ArrayRef<float> scales, unsigned width);

  /// The constant in float16, widened again.
  mlir::Value getHalf(ConstOp constant);

private:
  llvm::DenseMap<std::pair<mlir::Operation *, mlir::Type>, mlir::Value> made;
};

/// Raises the version of an operator in the module's table; versions never sink.
void raiseOperatorVersion(mlir::ModuleOp module, mlir::Operation *op, int version);

/// Erases the float constants that nothing uses any more.
void eraseUnusedConstants(mlir::ModuleOp module);

} // namespace tflc::tfl

#endif // TFL_TRANSFORMS_QUANTIZEDCONSTANTS_H

//===- OperatorModes.h - operators in a mode of their own -------*- C++ -*-===//
//
// Part of tflc, under the Apache License 2.0.
//
// Beside int8 some operators of a model may compute with int16, or the other way about: such an
// operator has the attribute `tfl.quantization_mode` = "int8" or "int16x8".
//
//===----------------------------------------------------------------------===//

#ifndef TFL_TRANSFORMS_OPERATORMODES_H
#define TFL_TRANSFORMS_OPERATORMODES_H

#include "TFL/IR/QuantizationRule.h"

namespace tflc::tfl {

inline constexpr llvm::StringLiteral quantizationModeName = "tfl.quantization_mode";

/// The mode that an operator's attribute says, if it has one.
std::optional<QuantizationMode> getOwnMode(mlir::Operation *op);

/// The bits of activations.
inline unsigned getActivationWidth(QuantizationMode mode) {
  return mode == QuantizationMode::Int16x8 ? 16 : 8;
}

} // namespace tflc::tfl

#endif // TFL_TRANSFORMS_OPERATORMODES_H

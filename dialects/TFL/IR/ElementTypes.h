//===- ElementTypes.h - element types as models know them -------*- C++ -*-===//
//
// Part of tflc, under the Apache License 2.0.
//
//===----------------------------------------------------------------------===//

#ifndef TFL_IR_ELEMENTTYPES_H
#define TFL_IR_ELEMENTTYPES_H

#include "mlir/IR/Types.h"
#include "mlir/IR/Value.h"
#include "llvm/ADT/ArrayRef.h"
#include "llvm/ADT/SmallVector.h"

#include <optional>
#include <string>

namespace tflc::tfl {

/// Scales and zero points of a quantized tensor: one of each, or one for each index along `axis`.
struct Quantization {
  llvm::SmallVector<float> scales;
  llvm::SmallVector<int32_t> zeroPoints;
  std::optional<int32_t> axis;

  float getScale(int64_t channel) const { return scales[axis ? channel : 0]; }
  bool hasZeroPoint() const;
};

/// The quantization of a tensor, or of an element type; nothing where it has none.
std::optional<Quantization> getQuantization(mlir::Type type);

/// The type of the stored values: that of a quantized type without the sign, otherwise the element
/// type itself.
mlir::Type getStoredType(mlir::Type type);

/// Whether a tensor, or an element type, holds integers of this width and sign, quantized or not.
/// Plain signless integers count as signed ones.
bool isStoredInteger(mlir::Type type, unsigned width, bool isSigned = true);

/// The type's name in messages: "float32", "int8", "uint8".
std::string getElementTypeName(mlir::Type type);

/// A shape in messages: "[1, 8, ?, 3]".
std::string getShapeText(llvm::ArrayRef<int64_t> shape);

/// Whether an optional operand is given: neither left out nor a `tfl.no_value`.
bool isPresent(mlir::Value operand);

} // namespace tflc::tfl

#endif // TFL_IR_ELEMENTTYPES_H

//===- Types.h - tensor types of the format and of the IR -------*- C++ -*-===//
//
// Part of tflc, under the Apache License 2.0.
//
//===----------------------------------------------------------------------===//

#ifndef TFLC_LIB_IMPORT_TFLITE_TYPES_H
#define TFLC_LIB_IMPORT_TFLITE_TYPES_H

#include "Schema.h"
#include "Strings.h"

#include "mlir/IR/BuiltinTypes.h"

namespace tflc {

/// The enumerator's name, "INT8"; "" for a number that is no type.
llvm::StringRef getTypeName(schema::TensorType type);

/// The element type in the IR without quantization, null for the type that tflc does not support
/// (VARIANT). A string has a room of `stringBytes` (Strings.h).
mlir::Type getPlainElementType(schema::TensorType type, mlir::MLIRContext *context,
                               unsigned stringBytes = minStringBytes);

/// The format's type of an element type in the IR, quantized or not; nullopt for a type that no
/// tensor can have.
std::optional<schema::TensorType> getTensorType(mlir::Type elementType);

/// Bits that an element takes in a buffer; 0 for STRING, RESOURCE and VARIANT.
unsigned getStoredBits(schema::TensorType type);

/// Whether scales give the tensor a quantized element type. Other types (float, and INT64, which
/// `quant` cannot say) keep their plain one.
bool isQuantizable(schema::TensorType type);

/// The element type of a checked tensor, with its quantization.
mlir::Type getElementType(const schema::Tensor &tensor, mlir::MLIRContext *context,
                          unsigned stringBytes);

/// The dimension that the scales of a quantized tensor belong to, where there are several.
int32_t getQuantizedDimension(const schema::Tensor &tensor);

/// The shape of a checked tensor: with `dynamic`, the dimensions that its signature leaves open are
/// kDynamic.
llvm::SmallVector<int64_t> getShape(const schema::Tensor &tensor, bool dynamic);

/// The type of a checked tensor in the IR.
mlir::RankedTensorType getType(const schema::Tensor &tensor, bool dynamic,
                               mlir::MLIRContext *context, unsigned stringBytes);

/// The type of the stored values of a constant of this type: the storage type where it is
/// quantized.
mlir::RankedTensorType getStorageType(mlir::RankedTensorType type);

} // namespace tflc

#endif // TFLC_LIB_IMPORT_TFLITE_TYPES_H

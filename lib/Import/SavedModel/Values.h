//===- Values.h - types and values of tensors -------------------*- C++ -*-===//
//
// Part of tflc, under the Apache License 2.0.
//
//===----------------------------------------------------------------------===//

#ifndef TFLC_LIB_IMPORT_SAVEDMODEL_VALUES_H
#define TFLC_LIB_IMPORT_SAVEDMODEL_VALUES_H

#include "mlir/IR/BuiltinAttributes.h"
#include "mlir/IR/BuiltinTypes.h"
#include "llvm/Support/Error.h"

#include <optional>

namespace tflc::proto {
class Tensor;
class TensorShape;
} // namespace tflc::proto

namespace tflc::savedmodel {

/// The element type that the number of a data type stands for; null for one that is not known. A
/// reference to a variable counts as its value.
mlir::Type getElementType(int32_t dataType, mlir::MLIRContext *context);

/// The bytes of a stored element, 0 for types without a fixed size.
unsigned getElementBytes(mlir::Type elementType);

/// Nothing where the rank is unknown, a size is negative other than -1, or the rank is absurd.
std::optional<llvm::SmallVector<int64_t>> getShape(const proto::TensorShape &shape);

/// A shape without open dimensions.
std::optional<llvm::SmallVector<int64_t>> getStaticShape(const proto::TensorShape &shape);

/// Nothing on overflow.
std::optional<uint64_t> getByteCount(llvm::ArrayRef<int64_t> shape, unsigned elementBytes);

/// A constant of as many bytes, little endian and row by row, as its type says.
mlir::DenseElementsAttr makeConstant(mlir::RankedTensorType type, llvm::StringRef bytes);

/// The value of an attribute, or an error.
llvm::Expected<mlir::DenseElementsAttr> readTensor(const proto::Tensor &tensor,
                                                   mlir::MLIRContext *context);

} // namespace tflc::savedmodel

#endif // TFLC_LIB_IMPORT_SAVEDMODEL_VALUES_H

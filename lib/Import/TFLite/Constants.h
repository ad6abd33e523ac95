//===- Constants.h - values of constants ------------------------*- C++ -*-===//
//
// Part of tflc, under the Apache License 2.0.
//
//===----------------------------------------------------------------------===//

#ifndef TFLC_LIB_IMPORT_TFLITE_CONSTANTS_H
#define TFLC_LIB_IMPORT_TFLITE_CONSTANTS_H

#include "Schema.h"

#include "mlir/IR/BuiltinAttributes.h"

#include <string>

namespace tflc {

/// The values of a checked constant. `type` has the storage type's elements.
mlir::DenseElementsAttr getConstantValue(const schema::Tensor &tensor,
                                         llvm::ArrayRef<uint8_t> bytes,
                                         mlir::RankedTensorType type);

/// The bytes that a file has for a constant: splats repeated, narrow integers packed.
std::string getConstantBytes(mlir::DenseElementsAttr value, schema::TensorType type);

} // namespace tflc

#endif // TFLC_LIB_IMPORT_TFLITE_CONSTANTS_H

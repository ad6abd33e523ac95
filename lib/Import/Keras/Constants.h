//===- Constants.h - numbers in configurations ------------------*- C++ -*-===//
//
// Part of tflc, under the Apache License 2.0.
//
//===----------------------------------------------------------------------===//

#ifndef TFLC_LIB_IMPORT_KERAS_CONSTANTS_H
#define TFLC_LIB_IMPORT_KERAS_CONSTANTS_H

#include "mlir/IR/Builders.h"
#include "llvm/Support/JSON.h"

namespace tflc::keras {

/// A number, numbers in nested lists, or an array as Keras stores one, as a constant of a type
/// (float32 if that is null). Null if it is none of these.
mlir::Value makeConstant(mlir::OpBuilder &builder, mlir::Location location,
                         const llvm::json::Value &constant, mlir::Type elementType);

} // namespace tflc::keras

#endif // TFLC_LIB_IMPORT_KERAS_CONSTANTS_H

//===- Export.h - from a tfl module to a .tflite file -----------*- C++ -*-===//
//
// Part of tflc, under the Apache License 2.0.
//
//===----------------------------------------------------------------------===//

#ifndef TFLC_IMPORT_EXPORT_H
#define TFLC_IMPORT_EXPORT_H

#include "mlir/IR/BuiltinOps.h"

#include <string>

namespace tflc {

/// The bytes of a .tflite file with the content of a tfl module. Importing them gives the module
/// again, except for locations. What the format cannot say is emitted as an error at the op.
llvm::FailureOr<std::string> exportModel(mlir::ModuleOp module);

} // namespace tflc

#endif // TFLC_IMPORT_EXPORT_H

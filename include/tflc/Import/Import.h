//===- Import.h - from a .tflite file to a tfl module -----------*- C++ -*-===//
//
// Part of tflc, under the Apache License 2.0.
//
//===----------------------------------------------------------------------===//

#ifndef TFLC_IMPORT_IMPORT_H
#define TFLC_IMPORT_IMPORT_H

#include "mlir/IR/BuiltinOps.h"
#include "mlir/IR/OwningOpRef.h"
#include "llvm/Support/MemoryBufferRef.h"

#include <string>
#include <vector>

namespace tflc {

/// Fixes the shape of one input.
struct ShapeOverride {
  /// Name of the input in a signature, SIGNATURE/NAME where others have inputs of that name, name
  /// of its tensor, or its number in the main subgraph.
  std::string input;
  /// The shape; `ShapedType::kDynamic` leaves a dimension open.
  llvm::SmallVector<int64_t> shape;
};

struct ImportOptions {
  /// The file's name, for locations and the module's `tfl.name`.
  std::string fileName = "model.tflite";
  /// Keep the dimensions that the model leaves open. By default inputs have the shapes written in
  /// the file, as they have after TensorFlow Lite's own allocation. Where an input has open
  /// dimensions, or another shape, the shapes of all other tensors follow from the inputs.
  bool dynamic = false;
  /// Import operators that have no tfl op as `unsupported.NAME`, for looking at a model or
  /// exporting it again. The context must allow unregistered dialects.
  bool allowUnsupported = false;
  std::vector<ShapeOverride> shapes;
};

/// Parses `NAME:4x28x28` (`?` for a dimension that stays open); fails when the text is of another
/// form.
llvm::FailureOr<ShapeOverride> parseShapeOverride(llvm::StringRef text);

/// Imports the model in `file`. The file is not trusted: the flatbuffer is verified, then every
/// index, shape, type and size, before any IR is built; the built ops are verified last. All
/// findings are emitted as diagnostics with locations as in ModelLocation.h, and the result is null
/// if there was an error. The buffer may be released after the call.
mlir::OwningOpRef<mlir::ModuleOp>
importModel(llvm::MemoryBufferRef file, mlir::MLIRContext *context, const ImportOptions &options);

} // namespace tflc

#endif // TFLC_IMPORT_IMPORT_H

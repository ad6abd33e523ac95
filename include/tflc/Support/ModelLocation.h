//===- ModelLocation.h - where in a model file an op comes from -*- C++ -*-===//
//
// Part of tflc, under the Apache License 2.0.
//
// A model has no lines. The location of an imported op names its first output tensor, its builtin
// operator and its number: loc("stem/conv"("CONV_2D"("net.tflite":12:0))), where the line is the
// operator's number in its subgraph and the column the subgraph's. A tensor's location looks the
// same with the word "tensor" and the tensor's number. Passes fuse locations and inlining nests
// them; the queries below find the model's part in either.
//
//===----------------------------------------------------------------------===//

#ifndef TFLC_SUPPORT_MODELLOCATION_H
#define TFLC_SUPPORT_MODELLOCATION_H

#include "mlir/IR/Location.h"

#include <optional>
#include <string>

namespace tflc {

/// The place of one operator or tensor in a model file. The strings live as long as the
/// MLIRContext.
struct OpLocation {
  llvm::StringRef file;
  /// The builtin's name ("CONV_2D"), or "tensor" for a tensor's own location.
  llvm::StringRef operatorName;
  /// The operator's first output tensor, or the tensor itself; may be empty.
  llvm::StringRef tensorName;
  /// Number of the operator (or tensor) within its subgraph.
  unsigned index = 0;
  unsigned subgraph = 0;

  bool isTensor() const { return operatorName == "tensor"; }
};

/// The location of operator `index` of a subgraph.
mlir::Location makeOpLocation(mlir::MLIRContext *context, llvm::StringRef file, unsigned subgraph,
                              unsigned index, llvm::StringRef operatorName,
                              llvm::StringRef firstOutputName);

/// The location of tensor `index` of a subgraph, for what is wrong with the tensor and not with one
/// operator.
mlir::Location makeTensorLocation(mlir::MLIRContext *context, llvm::StringRef file,
                                  unsigned subgraph, unsigned index, llvm::StringRef name);

/// The location of a whole file.
mlir::Location makeFileLocation(mlir::MLIRContext *context, llvm::StringRef file);

/// Finds the model's place in a location: in the first part of a fused location that has one, and
/// in the callee before the caller of a call site.
std::optional<OpLocation> getOpLocation(mlir::Location location);

/// Calls `callback` for every place of the model in a location.
void forEachOpLocation(mlir::Location location,
                       llvm::function_ref<void(const OpLocation &)> callback);

/// What diagnostics begin with: `net.tflite: op 12 CONV_2D "stem/conv"`, with `subgraph 2 ` before
/// `op` outside of the main subgraph, `net.tflite: tensor 3 "bias"`, the file's name alone, or ""
/// for an unknown location.
std::string describeLocation(mlir::Location location);

} // namespace tflc

#endif // TFLC_SUPPORT_MODELLOCATION_H

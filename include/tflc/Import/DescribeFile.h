//===- DescribeFile.h - a .tflite file in its own numbers -------*- C++ -*-===//
//
// Part of tflc, under the Apache License 2.0.
//
//===----------------------------------------------------------------------===//

#ifndef TFLC_IMPORT_DESCRIBEFILE_H
#define TFLC_IMPORT_DESCRIBEFILE_H

#include "llvm/Support/JSON.h"
#include "llvm/Support/MemoryBufferRef.h"

#include <optional>

namespace mlir {
class MLIRContext;
} // namespace mlir

namespace tflc {

/// What a .tflite file says of itself, with tensors and operators under the numbers that they have
/// there, which programs for TensorFlow Lite's interpreter use. The file is not trusted: it is
/// checked as for importModel. Nullopt after diagnostics, with locations that begin with `name`.
///
///   {"version": 3, "description": "",
///    "signatures": [{"key", "subgraph", "inputs": [["x", 0]], "outputs": [["y", 7]]}],
///    "subgraphs": [{"name", "inputs": [0], "outputs": [7],
///      "tensors": [{"name", "type": "INT8", "shape",
///                   "shape_signature",              where a dimension is open
///                   "variable": true,               where it keeps its value
///                   "scales", "zero_points", "dimension",   where it is quantized
///                   "data": [offset, bytes],        where the file has its values
///                   "sparsity": {...}}],            where it leaves out zeros
///      "operators": [{"name": "CONV_2D", "inputs", "outputs"}]}]}
std::optional<llvm::json::Object> describeFile(llvm::MemoryBufferRef file,
                                               mlir::MLIRContext *context, llvm::StringRef name);

} // namespace tflc

#endif // TFLC_IMPORT_DESCRIBEFILE_H

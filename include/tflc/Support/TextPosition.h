//===- TextPosition.h - where a text describes an op ------------*- C++ -*-===//
//
// Part of tflc, under the Apache License 2.0.
//
// A model whose file holds a configuration has places that a reader can look up. They go along with
// the location of the op, as the second part of a fused location.
//
//===----------------------------------------------------------------------===//

#ifndef TFLC_SUPPORT_TEXTPOSITION_H
#define TFLC_SUPPORT_TEXTPOSITION_H

#include "mlir/IR/Location.h"

namespace tflc {

/// Adds to a location where in `text` ("config.json") its op is described. Lines and columns count
/// from 1.
mlir::Location addTextPosition(mlir::Location location, llvm::StringRef text, unsigned line,
                               unsigned column);

/// Prints " (config.json:3:15)" of the first op that has such a position, or nothing.
void printTextPosition(mlir::Location location, llvm::raw_ostream &os);

} // namespace tflc

#endif // TFLC_SUPPORT_TEXTPOSITION_H

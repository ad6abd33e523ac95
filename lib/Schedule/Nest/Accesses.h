//===- Accesses.h - what linalg ops read and write, loop by loop -*- C++ -*-===//
//
// Part of tflc, under the Apache License 2.0.
//
//===----------------------------------------------------------------------===//

#ifndef TFLC_LIB_SCHEDULE_NEST_ACCESSES_H
#define TFLC_LIB_SCHEDULE_NEST_ACCESSES_H

#include "LoopNest.h"

namespace tflc {

/// Adds `scale` * `expr` to the access; false where it is not linear in the loop variables.
bool addLinear(mlir::AffineExpr expr, int64_t scale, LinearAccess &access);

/// The access of an operand whose indexing map is `map`. `dims` maps the loops of the op to those
/// of the nest, which are `numDims`. None where it is not linear or not known.
std::optional<LinearAccess> makeAccess(mlir::Value operand, mlir::AffineMap map,
                                       llvm::ArrayRef<unsigned> dims, unsigned numDims);

} // namespace tflc

#endif // TFLC_LIB_SCHEDULE_NEST_ACCESSES_H

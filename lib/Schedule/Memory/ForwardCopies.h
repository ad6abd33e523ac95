//===- ForwardCopies.h - results straight to where they are copied -*- C++ -*-===//
//
// Part of tflc, under the Apache License 2.0.
//
//===----------------------------------------------------------------------===//

#ifndef TFLC_LIB_SCHEDULE_MEMORY_FORWARDCOPIES_H
#define TFLC_LIB_SCHEDULE_MEMORY_FORWARDCOPIES_H

#include "mlir/IR/BuiltinOps.h"

namespace tflc {

/// Uses the target of a copy instead of the allocation that is copied, where the copy is the last
/// op that touches the allocation, and nothing touches the target from the first such op on: the
/// result of a branch or loop that the function returns, or that a loop around it carries.
void forwardCopies(mlir::ModuleOp module);

} // namespace tflc

#endif // TFLC_LIB_SCHEDULE_MEMORY_FORWARDCOPIES_H

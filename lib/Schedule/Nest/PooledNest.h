//===- PooledNest.h - kernels whose results are pooled ----------*- C++ -*-===//
//
// Part of tflc, under the Apache License 2.0.
//
//===----------------------------------------------------------------------===//

#ifndef TFLC_LIB_SCHEDULE_NEST_POOLEDNEST_H
#define TFLC_LIB_SCHEDULE_NEST_POOLEDNEST_H

#include "LoopNest.h"

namespace tflc {

/// Takes the ops of a pooling behind the stages of a kernel away from `ops`; false where there is
/// one of an unknown kind. They are a fill, a reduction and an epilogue of their own.
bool takePooling(llvm::SmallVectorImpl<mlir::linalg::LinalgOp> &ops,
                 std::optional<Pooling> &pooling);

/// Lets the last stage of `nest` write where its pooling does. `parallel` are the loops along the
/// accumulator's dimensions. False where the windows are of a kind that the nest cannot say.
bool poolResults(LoopNest &nest, llvm::ArrayRef<unsigned> parallel);

} // namespace tflc

#endif // TFLC_LIB_SCHEDULE_NEST_POOLEDNEST_H

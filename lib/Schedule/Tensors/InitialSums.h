//===- InitialSums.h - what sums of products begin with ---------*- C++ -*-===//
//
// Part of tflc, under the Apache License 2.0.
//
// A factor that is stored with an offset leaves a part of the sum that only the other factor
// decides. It is subtracted from what the sums begin with.
//
//===----------------------------------------------------------------------===//

#ifndef TFLC_LIB_SCHEDULE_TENSORS_INITIALSUMS_H
#define TFLC_LIB_SCHEDULE_TENSORS_INITIALSUMS_H

#include "mlir/Dialect/Linalg/IR/Linalg.h"
#include "mlir/IR/ImplicitLocOpBuilder.h"

namespace tflc {

/// `map` of the loops of `op`, whose results are parallel loops or constants, in terms of the
/// dimensions of its output.
mlir::AffineMap mapFromOutput(mlir::linalg::GenericOp op, mlir::AffineMap map);

/// Makes the initial sums of a contraction smaller by `factor * values`. `map` leads from their
/// dimensions to those of `values`, both of 32 bit integers.
void subtractFromSums(mlir::ImplicitLocOpBuilder &b, mlir::OpOperand &init, mlir::Value values,
                      mlir::AffineMap map, int64_t factor);

} // namespace tflc

#endif // TFLC_LIB_SCHEDULE_TENSORS_INITIALSUMS_H

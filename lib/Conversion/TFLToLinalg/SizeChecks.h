//===- SizeChecks.h - sizes that an operator rejects ------------*- C++ -*-===//
//
// Part of tflc, under the Apache License 2.0.
//
//===----------------------------------------------------------------------===//

#ifndef TFLC_LIB_CONVERSION_TFLTOLINALG_SIZECHECKS_H
#define TFLC_LIB_CONVERSION_TFLTOLINALG_SIZECHECKS_H

#include "IndexMath.h"
#include "ScalarBuilder.h"
#include "tflc/tflc.h"

namespace tflc {

/// Collects what an operator rejects of sizes that only an invocation shows, and ends the
/// invocation where there is any of it. Verifiers have checked what is known.
class SizeChecks {
public:
  SizeChecks(mlir::OpBuilder &builder, mlir::Location loc) : math(builder, loc), b(builder, loc) {}

  /// The size itself where it is not rejected, and a value in range where it is: whatever is
  /// computed of it meanwhile is harmless.
  mlir::OpFoldResult requireAtLeast(mlir::OpFoldResult size, int64_t least);
  mlir::OpFoldResult requireAtMost(mlir::OpFoldResult size, mlir::OpFoldResult most);
  void requireEqual(mlir::OpFoldResult lhs, mlir::OpFoldResult rhs);
  void reject(mlir::Value condition);

  /// Ends the invocation here where anything is rejected.
  void finish(tflc_status status = TFLC_INVALID_VALUE);

private:
  IndexMath math;
  ScalarBuilder b;
  mlir::Value rejected;
};

/// The sizes of a result of `type` whose shape the vector `model` gives; `converted` is the same
/// after conversion. Negative ones end the invocation.
llvm::SmallVector<mlir::OpFoldResult> getGivenSizes(mlir::OpBuilder &builder, mlir::Location loc,
                                                    mlir::RankedTensorType type, mlir::Value model,
                                                    mlir::Value converted);

} // namespace tflc

#endif // TFLC_LIB_CONVERSION_TFLTOLINALG_SIZECHECKS_H

//===- MathFunctions.h - functions of libm that have no approximation -----===//
//
// Part of tflc, under the Apache License 2.0.
//
//===----------------------------------------------------------------------===//

#ifndef TFLC_LIB_CODEGEN_MATHFUNCTIONS_H
#define TFLC_LIB_CODEGEN_MATHFUNCTIONS_H

#include "mlir/Dialect/Func/IR/FuncOps.h"
#include "mlir/IR/PatternMatch.h"

namespace tflc {

/// `math.sin`, `math.cos` and `math.atan2` of f32, for arguments of any size.
void populateTrigonometryPatterns(mlir::RewritePatternSet &patterns);

/// `math.erf` of f32.
void populateErfPatterns(mlir::RewritePatternSet &patterns);

/// `math.exp` and `math.expm1` of f32.
void populateExponentialPatterns(mlir::RewritePatternSet &patterns);

/// `math.tanh` of f32.
void populateHyperbolicPatterns(mlir::RewritePatternSet &patterns);

/// `math.log` of f32, subnormal numbers included.
void populateLogarithmPatterns(mlir::RewritePatternSet &patterns);

/// `math.powf` of f32, by arithmetic on f64.
void populatePowerPatterns(mlir::RewritePatternSet &patterns);

/// `arith.divf` of vectors of f32 by constants, where products and sums can be rounded once.
void populateQuotientPatterns(mlir::RewritePatternSet &patterns);

/// `arith.remf` of f32, exactly.
void populateRemainderPatterns(mlir::RewritePatternSet &patterns);

/// A private function of the op's module on f32 and i32 scalars: `build` fills its body, once for
/// each name. What has loops or branches stands in such a function, and is called for each lane.
mlir::func::FuncOp
getScalarFunction(mlir::Operation *user, mlir::PatternRewriter &rewriter, llvm::StringRef name,
                  mlir::FunctionType type,
                  llvm::function_ref<void(mlir::OpBuilder &, mlir::func::FuncOp)> build);

/// Calls `function` for each lane of the operands, which are scalars or vectors of one dimension.
llvm::SmallVector<mlir::Value> callForEachLane(mlir::OpBuilder &builder, mlir::Location loc,
                                               mlir::func::FuncOp function,
                                               mlir::ValueRange operands);

} // namespace tflc

#endif // TFLC_LIB_CODEGEN_MATHFUNCTIONS_H

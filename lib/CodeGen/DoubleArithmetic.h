//===- DoubleArithmetic.h - double precision by integers --------*- C++ -*-===//
//
// Part of tflc, under the Apache License 2.0.
//
//===----------------------------------------------------------------------===//

#ifndef TFLC_LIB_CODEGEN_DOUBLEARITHMETIC_H
#define TFLC_LIB_CODEGEN_DOUBLEARITHMETIC_H

#include "mlir/Dialect/Func/IR/FuncOps.h"

namespace tflc {

/// Bodies of functions on the bits of doubles, i64 each. Results are rounded to the nearest double,
/// halves to the even one. Subnormal doubles count as zeros; every float is a normal double.
void buildDoubleSum(mlir::OpBuilder &builder, mlir::func::FuncOp function);
void buildDoubleProduct(mlir::OpBuilder &builder, mlir::func::FuncOp function);
void buildDoubleQuotient(mlir::OpBuilder &builder, mlir::func::FuncOp function);

/// From the bits of a float, i32, and to them.
void buildFloatToDouble(mlir::OpBuilder &builder, mlir::func::FuncOp function);
void buildDoubleToFloat(mlir::OpBuilder &builder, mlir::func::FuncOp function);

/// From i64, with or without a sign. The last one gives the bits of a float, rounded once.
void buildSignedToDouble(mlir::OpBuilder &builder, mlir::func::FuncOp function);
void buildUnsignedToDouble(mlir::OpBuilder &builder, mlir::func::FuncOp function);
void buildSignedToFloat(mlir::OpBuilder &builder, mlir::func::FuncOp function);
void buildUnsignedToFloat(mlir::OpBuilder &builder, mlir::func::FuncOp function);

/// To i64, towards zero. For doubles in [2^63, 2^64) it is the integer without a sign.
void buildDoubleToInteger(mlir::OpBuilder &builder, mlir::func::FuncOp function);

} // namespace tflc

#endif // TFLC_LIB_CODEGEN_DOUBLEARITHMETIC_H

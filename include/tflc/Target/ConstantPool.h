//===- ConstantPool.h - read-only data of kernels ---------------*- C++ -*-===//
//
// Part of tflc, under the Apache License 2.0.
//
//===----------------------------------------------------------------------===//

#ifndef TFLC_TARGET_CONSTANTPOOL_H
#define TFLC_TARGET_CONSTANTPOOL_H

#include "mlir/Dialect/MemRef/IR/MemRef.h"
#include "mlir/IR/Builders.h"
#include "mlir/IR/BuiltinOps.h"
#include "llvm/ADT/StringMap.h"

namespace tflc {

/// Makes constants for kernels: weights in the order in which a kernel reads them.
class ConstantPool {
public:
  explicit ConstantPool(mlir::ModuleOp module);
  /// A private read-only global with these bytes, as a flat memref of `elementType`.
  mlir::Value get(mlir::OpBuilder &builder, mlir::Location loc, mlir::Type elementType,
                  llvm::ArrayRef<char> bytes);

private:
  mlir::ModuleOp module;
  llvm::StringMap<mlir::memref::GlobalOp> globals; // by contents
  unsigned counter = 0;
};

} // namespace tflc

#endif // TFLC_TARGET_CONSTANTPOOL_H

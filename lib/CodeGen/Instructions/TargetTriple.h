//===- TargetTriple.h - what the module is compiled for ---------*- C++ -*-===//
//
// Part of tflc, under the Apache License 2.0.
//
//===----------------------------------------------------------------------===//

#ifndef TFLC_LIB_CODEGEN_INSTRUCTIONS_TARGETTRIPLE_H
#define TFLC_LIB_CODEGEN_INSTRUCTIONS_TARGETTRIPLE_H

#include "mlir/IR/BuiltinOps.h"

namespace tflc {

/// The attribute `tflc.target` of the module that `op` is, or is in; null where there is none.
inline mlir::DictionaryAttr getTargetAttr(mlir::Operation *op) {
  auto module = mlir::dyn_cast<mlir::ModuleOp>(op);
  if (!module)
    module = op->getParentOfType<mlir::ModuleOp>();
  return module ? module->getAttrOfType<mlir::DictionaryAttr>("tflc.target")
                : mlir::DictionaryAttr();
}

/// Its LLVM target triple; empty where none is known.
inline llvm::StringRef getTargetTriple(mlir::Operation *op) {
  mlir::DictionaryAttr target = getTargetAttr(op);
  auto triple = target ? target.getAs<mlir::StringAttr>("triple") : mlir::StringAttr();
  return triple ? triple.getValue() : llvm::StringRef();
}

inline bool isTripleOfAArch64(llvm::StringRef triple) {
  return triple.starts_with("aarch64") || triple.starts_with("arm64");
}

} // namespace tflc

#endif // TFLC_LIB_CODEGEN_INSTRUCTIONS_TARGETTRIPLE_H

//===- Variables.h - the variables of a module ------------------*- C++ -*-===//
//
// Part of tflc, under the Apache License 2.0.
//
//===----------------------------------------------------------------------===//

#ifndef TFLC_LIB_CONVERSION_TFLTOLINALG_VARIABLES_H
#define TFLC_LIB_CONVERSION_TFLTOLINALG_VARIABLES_H

#include "mlir/IR/BuiltinOps.h"
#include "llvm/ADT/StringMap.h"

namespace tflc {

/// Symbols of the declared variables by the names that handles give.
using VariableSymbols = llvm::StringMap<mlir::StringAttr>;

/// Declares one `tflrt.variable` for each variable that a handle in the module names. Reports uses
/// of a variable that disagree about its type.
llvm::LogicalResult declareVariables(mlir::ModuleOp module, VariableSymbols &symbols);

} // namespace tflc

#endif // TFLC_LIB_CONVERSION_TFLTOLINALG_VARIABLES_H

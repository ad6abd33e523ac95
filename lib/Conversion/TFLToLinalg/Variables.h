//===- Variables.h - the variables of a module ------------------*- C++ -*-===//
//
// Part of tflc, under the Apache License 2.0.
//
//===----------------------------------------------------------------------===//

#ifndef TFLC_LIB_CONVERSION_TFLTOLINALG_VARIABLES_H
#define TFLC_LIB_CONVERSION_TFLTOLINALG_VARIABLES_H

#include "mlir/IR/Builders.h"
#include "mlir/IR/BuiltinOps.h"
#include "llvm/ADT/StringMap.h"

namespace tflc {

/// Symbols of the declared variables.
struct VariableSymbols {
  /// By the names that handles give.
  llvm::StringMap<mlir::StringAttr> resources;
  /// By the names of variable tensors.
  llvm::StringMap<mlir::StringAttr> tensors;
};

/// Declares one `tflrt.variable` for each variable that a handle in the module names, and for each
/// variable tensor. Reports uses of a variable that disagree about its type.
llvm::LogicalResult declareVariables(mlir::ModuleOp module, VariableSymbols &symbols);

/// The state of a recurrent operator: `model` is its operand, `converted` the same after
/// conversion. A variable tensor is read and assigned; of any other tensor the value is the first
/// state, and the last state is lost.
class StateTensor {
public:
  StateTensor(const VariableSymbols &symbols, mlir::Value model, mlir::Value converted);

  mlir::Value read(mlir::OpBuilder &builder, mlir::Location loc) const;
  void assign(mlir::OpBuilder &builder, mlir::Location loc, mlir::Value value) const;
  bool isVariable() const { return bool(variable); }
  /// The type of what is read and assigned.
  mlir::RankedTensorType getType() const { return type; }

private:
  mlir::FlatSymbolRefAttr variable;
  mlir::Value initial;
  mlir::RankedTensorType type;
};

/// Symbols of the variables that hold the counters of random operators.
using RandomStates = llvm::DenseMap<mlir::Operation *, mlir::StringAttr>;

/// Declares one `tflrt.variable` for each random operator in the module.
RandomStates declareRandomStates(mlir::ModuleOp module);

} // namespace tflc

#endif // TFLC_LIB_CONVERSION_TFLTOLINALG_VARIABLES_H

//===- Steps.h - what surrounds the patterns --------------------*- C++ -*-===//
//
// Part of tflc, under the Apache License 2.0.
//
//===----------------------------------------------------------------------===//

#ifndef TFLC_LIB_CONVERSION_TFTOTFL_STEPS_H
#define TFLC_LIB_CONVERSION_TFTOTFL_STEPS_H

#include "mlir/IR/BuiltinOps.h"

namespace tflc {

/// Makes custom operators of the operations that the module's attribute `tf::customOperatorsAttr`
/// names.
void keepCustomOperators(mlir::ModuleOp module);

/// Makes functions of the regions of branches and loops. Values from around them become operands;
/// constants and handles of variables are copied into the functions.
void outlineRegions(mlir::ModuleOp module);

/// Gives strings the type that the tfl level has for them. False, after a report, where a constant
/// cannot be written.
bool convertStrings(mlir::ModuleOp module);

/// Makes a function that assigns the initial values of the variables and fills the tables, and
/// calls it once from all signatures.
void addInitialization(mlir::ModuleOp module);

/// Notes which version of each operator the module needs, in the form that the exporter reads.
void setOperatorVersions(mlir::ModuleOp module);

} // namespace tflc

#endif // TFLC_LIB_CONVERSION_TFTOTFL_STEPS_H

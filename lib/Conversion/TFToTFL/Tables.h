//===- Tables.h - tables of constant content --------------------*- C++ -*-===//
//
// Part of tflc, under the Apache License 2.0.
//
//===----------------------------------------------------------------------===//

#ifndef TFLC_LIB_CONVERSION_TFTOTFL_TABLES_H
#define TFLC_LIB_CONVERSION_TFTOTFL_TABLES_H

#include "TF/IR/VariableOps.h"

namespace tflc {

/// The operator that gives the handle of a table. A table's number is its place in the module.
mlir::Value createTable(mlir::OpBuilder &builder, mlir::Location loc, tf::TableOp table);

} // namespace tflc

#endif // TFLC_LIB_CONVERSION_TFTOTFL_TABLES_H

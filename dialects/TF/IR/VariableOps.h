//===- VariableOps.h - variables, tables and lists --------------*- C++ -*-===//
//
// Part of tflc, under the Apache License 2.0.
//
//===----------------------------------------------------------------------===//

#ifndef TF_IR_VARIABLEOPS_H
#define TF_IR_VARIABLEOPS_H

#include "TF/IR/TFDialect.h"

#define GET_OP_CLASSES
#include "TF/IR/VariableOps.h.inc"

#endif // TF_IR_VARIABLEOPS_H

//===- VariableOps.h - state and its initialization -------------*- C++ -*-===//
//
// Part of tflc, under the Apache License 2.0.
//
//===----------------------------------------------------------------------===//

#ifndef TFL_IR_VARIABLEOPS_H
#define TFL_IR_VARIABLEOPS_H

#include "TFL/IR/NoOperator.h"
#include "TFL/IR/State.h"
#include "TFL/IR/TFLDialect.h"

#define GET_OP_CLASSES
#include "TFL/IR/VariableOps.h.inc"

#endif // TFL_IR_VARIABLEOPS_H

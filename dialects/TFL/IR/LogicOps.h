//===- LogicOps.h - comparisons, logic, selection ---------------*- C++ -*-===//
//
// Part of tflc, under the Apache License 2.0.
//
//===----------------------------------------------------------------------===//

#ifndef TFL_IR_LOGICOPS_H
#define TFL_IR_LOGICOPS_H

#include "TFL/IR/TFLDialect.h"

#define GET_OP_CLASSES
#include "TFL/IR/LogicOps.h.inc"

#endif // TFL_IR_LOGICOPS_H

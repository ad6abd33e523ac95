//===- UnaryOps.h - elementwise functions of one operand --------*- C++ -*-===//
//
// Part of tflc, under the Apache License 2.0.
//
//===----------------------------------------------------------------------===//

#ifndef TFL_IR_UNARYOPS_H
#define TFL_IR_UNARYOPS_H

#include "TFL/IR/TFLDialect.h"

#define GET_OP_CLASSES
#include "TFL/IR/UnaryOps.h.inc"

#endif // TFL_IR_UNARYOPS_H

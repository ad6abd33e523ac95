//===- JoinOps.h - several tensors become one -------------------*- C++ -*-===//
//
// Part of tflc, under the Apache License 2.0.
//
//===----------------------------------------------------------------------===//

#ifndef TFL_IR_JOINOPS_H
#define TFL_IR_JOINOPS_H

#include "TFL/IR/ShapeArithmetic.h"
#include "TFL/IR/TFLDialect.h"

#define GET_OP_CLASSES
#include "TFL/IR/JoinOps.h.inc"

#endif // TFL_IR_JOINOPS_H

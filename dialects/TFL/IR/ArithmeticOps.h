//===- ArithmeticOps.h - elementwise arithmetic -----------------*- C++ -*-===//
//
// Part of tflc, under the Apache License 2.0.
//
//===----------------------------------------------------------------------===//

#ifndef TFL_IR_ARITHMETICOPS_H
#define TFL_IR_ARITHMETICOPS_H

#include "TFL/IR/FusedActivation.h"
#include "TFL/IR/ShapeArithmetic.h"
#include "TFL/IR/TFLDialect.h"

#define GET_OP_CLASSES
#include "TFL/IR/ArithmeticOps.h.inc"

#endif // TFL_IR_ARITHMETICOPS_H

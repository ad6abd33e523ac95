//===- DiagonalOps.h - matrices and their diagonals -------------*- C++ -*-===//
//
// Part of tflc, under the Apache License 2.0.
//
//===----------------------------------------------------------------------===//

#ifndef TFL_IR_DIAGONALOPS_H
#define TFL_IR_DIAGONALOPS_H

#include "TFL/IR/TFLDialect.h"

#define GET_OP_CLASSES
#include "TFL/IR/DiagonalOps.h.inc"

#endif // TFL_IR_DIAGONALOPS_H

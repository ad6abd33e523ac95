//===- SearchOps.h - elements found in a tensor -----------------*- C++ -*-===//
//
// Part of tflc, under the Apache License 2.0.
//
//===----------------------------------------------------------------------===//

#ifndef TFL_IR_SEARCHOPS_H
#define TFL_IR_SEARCHOPS_H

#include "TFL/IR/TFLDialect.h"

#define GET_OP_CLASSES
#include "TFL/IR/SearchOps.h.inc"

#endif // TFL_IR_SEARCHOPS_H

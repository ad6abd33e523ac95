//===- PermuteOps.h - the same elements in another order --------*- C++ -*-===//
//
// Part of tflc, under the Apache License 2.0.
//
//===----------------------------------------------------------------------===//

#ifndef TFL_IR_PERMUTEOPS_H
#define TFL_IR_PERMUTEOPS_H

#include "TFL/IR/TFLDialect.h"

#define GET_OP_CLASSES
#include "TFL/IR/PermuteOps.h.inc"

#endif // TFL_IR_PERMUTEOPS_H

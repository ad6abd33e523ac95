//===- ReshapeOps.h - the same elements in another shape --------*- C++ -*-===//
//
// Part of tflc, under the Apache License 2.0.
//
//===----------------------------------------------------------------------===//

#ifndef TFL_IR_RESHAPEOPS_H
#define TFL_IR_RESHAPEOPS_H

#include "TFL/IR/ShapeArithmetic.h"
#include "TFL/IR/TFLDialect.h"

#define GET_OP_CLASSES
#include "TFL/IR/ReshapeOps.h.inc"

#endif // TFL_IR_RESHAPEOPS_H

//===- SuppressionOps.h - the best of boxes that overlap --------*- C++ -*-===//
//
// Part of tflc, under the Apache License 2.0.
//
//===----------------------------------------------------------------------===//

#ifndef TFL_IR_SUPPRESSIONOPS_H
#define TFL_IR_SUPPRESSIONOPS_H

#include "TFL/IR/TFLDialect.h"

#define GET_OP_CLASSES
#include "TFL/IR/SuppressionOps.h.inc"

#endif // TFL_IR_SUPPRESSIONOPS_H

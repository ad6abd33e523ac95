//===- ScatterOps.h - elements put in places that data give -----*- C++ -*-===//
//
// Part of tflc, under the Apache License 2.0.
//
//===----------------------------------------------------------------------===//

#ifndef TFL_IR_SCATTEROPS_H
#define TFL_IR_SCATTEROPS_H

#include "TFL/IR/TFLDialect.h"

#define GET_OP_CLASSES
#include "TFL/IR/ScatterOps.h.inc"

#endif // TFL_IR_SCATTEROPS_H

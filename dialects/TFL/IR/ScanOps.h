//===- ScanOps.h - sums of all elements before ------------------*- C++ -*-===//
//
// Part of tflc, under the Apache License 2.0.
//
//===----------------------------------------------------------------------===//

#ifndef TFL_IR_SCANOPS_H
#define TFL_IR_SCANOPS_H

#include "TFL/IR/TFLDialect.h"

#define GET_OP_CLASSES
#include "TFL/IR/ScanOps.h.inc"

#endif // TFL_IR_SCANOPS_H

//===- SegmentOps.h - rows combined by segment ------------------*- C++ -*-===//
//
// Part of tflc, under the Apache License 2.0.
//
//===----------------------------------------------------------------------===//

#ifndef TFL_IR_SEGMENTOPS_H
#define TFL_IR_SEGMENTOPS_H

#include "TFL/IR/TFLDialect.h"

#define GET_OP_CLASSES
#include "TFL/IR/SegmentOps.h.inc"

#endif // TFL_IR_SEGMENTOPS_H

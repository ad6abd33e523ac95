//===- ReduceWindowOps.h - reductions over windows --------------*- C++ -*-===//
//
// Part of tflc, under the Apache License 2.0.
//
//===----------------------------------------------------------------------===//

#ifndef TFL_IR_REDUCEWINDOWOPS_H
#define TFL_IR_REDUCEWINDOWOPS_H

#include "TFL/IR/TFLDialect.h"

#define GET_OP_CLASSES
#include "TFL/IR/ReduceWindowOps.h.inc"

#endif // TFL_IR_REDUCEWINDOWOPS_H

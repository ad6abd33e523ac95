//===- SoftmaxOps.h - softmax -----------------------------------*- C++ -*-===//
//
// Part of tflc, under the Apache License 2.0.
//
//===----------------------------------------------------------------------===//

#ifndef TFL_IR_SOFTMAXOPS_H
#define TFL_IR_SOFTMAXOPS_H

#include "TFL/IR/TFLDialect.h"

#define GET_OP_CLASSES
#include "TFL/IR/SoftmaxOps.h.inc"

#endif // TFL_IR_SOFTMAXOPS_H

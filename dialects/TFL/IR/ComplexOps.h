//===- ComplexOps.h - complex numbers ---------------------------*- C++ -*-===//
//
// Part of tflc, under the Apache License 2.0.
//
//===----------------------------------------------------------------------===//

#ifndef TFL_IR_COMPLEXOPS_H
#define TFL_IR_COMPLEXOPS_H

#include "TFL/IR/TFLDialect.h"

#define GET_OP_CLASSES
#include "TFL/IR/ComplexOps.h.inc"

#endif // TFL_IR_COMPLEXOPS_H

//===- RandomOps.h - numbers from a counter ---------------------*- C++ -*-===//
//
// Part of tflc, under the Apache License 2.0.
//
//===----------------------------------------------------------------------===//

#ifndef TFL_IR_RANDOMOPS_H
#define TFL_IR_RANDOMOPS_H

#include "TFL/IR/State.h"
#include "TFL/IR/TFLDialect.h"

#define GET_OP_CLASSES
#include "TFL/IR/RandomOps.h.inc"

#endif // TFL_IR_RANDOMOPS_H

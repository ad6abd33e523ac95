//===- RandomOps.h - random numbers and transforms --------------*- C++ -*-===//
//
// Part of tflc, under the Apache License 2.0.
//
//===----------------------------------------------------------------------===//

#ifndef TF_IR_RANDOMOPS_H
#define TF_IR_RANDOMOPS_H

#include "TF/IR/TFDialect.h"

#define GET_OP_CLASSES
#include "TF/IR/RandomOps.h.inc"

#endif // TF_IR_RANDOMOPS_H

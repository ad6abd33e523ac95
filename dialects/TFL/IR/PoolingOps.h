//===- PoolingOps.h - pooling -----------------------------------*- C++ -*-===//
//
// Part of tflc, under the Apache License 2.0.
//
//===----------------------------------------------------------------------===//

#ifndef TFL_IR_POOLINGOPS_H
#define TFL_IR_POOLINGOPS_H

#include "TFL/IR/FusedActivation.h"
#include "TFL/IR/TFLDialect.h"

#define GET_OP_CLASSES
#include "TFL/IR/PoolingOps.h.inc"

#endif // TFL_IR_POOLINGOPS_H

//===- PoolingOps.h - windows and images ------------------------*- C++ -*-===//
//
// Part of tflc, under the Apache License 2.0.
//
//===----------------------------------------------------------------------===//

#ifndef TF_IR_POOLINGOPS_H
#define TF_IR_POOLINGOPS_H

#include "TF/IR/TFDialect.h"

#define GET_OP_CLASSES
#include "TF/IR/PoolingOps.h.inc"

#endif // TF_IR_POOLINGOPS_H

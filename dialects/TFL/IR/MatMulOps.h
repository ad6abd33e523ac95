//===- MatMulOps.h - products of matrices -----------------------*- C++ -*-===//
//
// Part of tflc, under the Apache License 2.0.
//
//===----------------------------------------------------------------------===//

#ifndef TFL_IR_MATMULOPS_H
#define TFL_IR_MATMULOPS_H

#include "TFL/IR/FusedActivation.h"
#include "TFL/IR/MultiplyAccumulate.h"

#define GET_OP_CLASSES
#include "TFL/IR/MatMulOps.h.inc"

#endif // TFL_IR_MATMULOPS_H

//===- ElementwiseOps.h - elementwise, of other forms -----------*- C++ -*-===//
//
// Part of tflc, under the Apache License 2.0.
//
//===----------------------------------------------------------------------===//

#ifndef TF_IR_ELEMENTWISEOPS_H
#define TF_IR_ELEMENTWISEOPS_H

#include "TF/IR/TFDialect.h"

#define GET_OP_CLASSES
#include "TF/IR/ElementwiseOps.h.inc"

#endif // TF_IR_ELEMENTWISEOPS_H

//===- SliceOps.h - parts and joins of tensors ------------------*- C++ -*-===//
//
// Part of tflc, under the Apache License 2.0.
//
//===----------------------------------------------------------------------===//

#ifndef TF_IR_SLICEOPS_H
#define TF_IR_SLICEOPS_H

#include "TF/IR/TFDialect.h"

#define GET_OP_CLASSES
#include "TF/IR/SliceOps.h.inc"

#endif // TF_IR_SLICEOPS_H

//===- BinaryOps.h - elementwise, two operands ------------------*- C++ -*-===//
//
// Part of tflc, under the Apache License 2.0.
//
//===----------------------------------------------------------------------===//

#ifndef TF_IR_BINARYOPS_H
#define TF_IR_BINARYOPS_H

#include "TF/IR/TFDialect.h"

#define GET_OP_CLASSES
#include "TF/IR/BinaryOps.h.inc"

#endif // TF_IR_BINARYOPS_H

//===- ConstantOps.h - constants and absent operands ------------*- C++ -*-===//
//
// Part of tflc, under the Apache License 2.0.
//
//===----------------------------------------------------------------------===//

#ifndef TFL_IR_CONSTANTOPS_H
#define TFL_IR_CONSTANTOPS_H

#include "TFL/IR/TFLDialect.h"

#define GET_OP_CLASSES
#include "TFL/IR/ConstantOps.h.inc"

#endif // TFL_IR_CONSTANTOPS_H

//===- ControlOps.h - functions, branches and loops -------------*- C++ -*-===//
//
// Part of tflc, under the Apache License 2.0.
//
//===----------------------------------------------------------------------===//

#ifndef TF_IR_CONTROLOPS_H
#define TF_IR_CONTROLOPS_H

#include "TF/IR/TFDialect.h"

#define GET_OP_CLASSES
#include "TF/IR/ControlOps.h.inc"

#endif // TF_IR_CONTROLOPS_H

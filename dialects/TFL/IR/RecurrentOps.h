//===- RecurrentOps.h - recurrent layers ------------------------*- C++ -*-===//
//
// Part of tflc, under the Apache License 2.0.
//
//===----------------------------------------------------------------------===//

#ifndef TFL_IR_RECURRENTOPS_H
#define TFL_IR_RECURRENTOPS_H

#include "TFL/IR/FileOperands.h"
#include "TFL/IR/MultiplyAccumulate.h"
#include "TFL/IR/TFLDialect.h"

#define GET_OP_CLASSES
#include "TFL/IR/RecurrentOps.h.inc"

#endif // TFL_IR_RECURRENTOPS_H

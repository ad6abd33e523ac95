//===- RepeatOps.h - elements picked and repeated ---------------*- C++ -*-===//
//
// Part of tflc, under the Apache License 2.0.
//
//===----------------------------------------------------------------------===//

#ifndef TFL_IR_REPEATOPS_H
#define TFL_IR_REPEATOPS_H

#include "TFL/IR/MultiplyAccumulate.h"
#include "TFL/IR/ShapeArithmetic.h"
#include "TFL/IR/TFLDialect.h"

#define GET_OP_CLASSES
#include "TFL/IR/RepeatOps.h.inc"

#endif // TFL_IR_REPEATOPS_H

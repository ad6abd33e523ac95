//===- ResizeOps.h - images in another size ---------------------*- C++ -*-===//
//
// Part of tflc, under the Apache License 2.0.
//
//===----------------------------------------------------------------------===//

#ifndef TFL_IR_RESIZEOPS_H
#define TFL_IR_RESIZEOPS_H

#include "TFL/IR/TFLDialect.h"

#define GET_OP_CLASSES
#include "TFL/IR/ResizeOps.h.inc"

#endif // TFL_IR_RESIZEOPS_H

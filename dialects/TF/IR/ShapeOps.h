//===- ShapeOps.h - shapes and order of elements ----------------*- C++ -*-===//
//
// Part of tflc, under the Apache License 2.0.
//
//===----------------------------------------------------------------------===//

#ifndef TF_IR_SHAPEOPS_H
#define TF_IR_SHAPEOPS_H

#include "TF/IR/TFDialect.h"

#define GET_OP_CLASSES
#include "TF/IR/ShapeOps.h.inc"

#endif // TF_IR_SHAPEOPS_H

//===- RoomOps.h - the memory that is left ----------------------*- C++ -*-===//
//
// Part of tflc, under the Apache License 2.0.
//
//===----------------------------------------------------------------------===//

#ifndef TFLRT_IR_ROOMOPS_H
#define TFLRT_IR_ROOMOPS_H

#include "TFLRT/IR/TFLRTDialect.h"

#define GET_OP_CLASSES
#include "TFLRT/IR/RoomOps.h.inc"

#endif // TFLRT_IR_ROOMOPS_H

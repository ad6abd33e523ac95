//===- RoomOps.cpp - the memory that is left ------------------------------===//
//
// Part of tflc, under the Apache License 2.0.
//
//===----------------------------------------------------------------------===//

#include "TFLRT/IR/RoomOps.h"

#define GET_OP_CLASSES
#include "TFLRT/IR/RoomOps.cpp.inc"

//===- TFLRTDialect.h - the tflrt dialect -----------------------*- C++ -*-===//
//
// Part of tflc, under the Apache License 2.0.
//
//===----------------------------------------------------------------------===//

#ifndef TFLRT_IR_TFLRTDIALECT_H
#define TFLRT_IR_TFLRTDIALECT_H

#include "mlir/Bytecode/BytecodeOpInterface.h"
#include "mlir/IR/BuiltinAttributes.h"
#include "mlir/IR/Dialect.h"
#include "mlir/IR/OpDefinition.h"
#include "mlir/IR/OpImplementation.h"
#include "mlir/IR/SymbolTable.h"
#include "mlir/Interfaces/InferTypeOpInterface.h"
#include "mlir/Interfaces/SideEffectInterfaces.h"

#include "TFLRT/IR/TFLRTAttrInterfaces.h.inc"
#include "TFLRT/IR/TFLRTDialect.h.inc"
#include "TFLRT/IR/TFLRTEnums.h.inc"

#include "TFLRT/IR/RescaleInterface.h.inc"
#define GET_ATTRDEF_CLASSES
#include "TFLRT/IR/TFLRTAttrs.h.inc"
#define GET_OP_CLASSES
#include "TFLRT/IR/TFLRTOps.h.inc"

#endif // TFLRT_IR_TFLRTDIALECT_H

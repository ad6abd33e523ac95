//===- TFLDialect.h - the tfl dialect ---------------------------*- C++ -*-===//
//
// Part of tflc, under the Apache License 2.0.
//
// The dialect, its types and interfaces. The ops of a family stand in a header of their own
// (ConvolutionOps.h), so that a new op compiles its own family again and nothing else.
//
//===----------------------------------------------------------------------===//

#ifndef TFL_IR_TFLDIALECT_H
#define TFL_IR_TFLDIALECT_H

#include "TFL/IR/QuantizationRule.h"

#include "mlir/Bytecode/BytecodeOpInterface.h"
#include "mlir/Dialect/Func/IR/FuncOps.h"
#include "mlir/Dialect/Quant/IR/Quant.h"
#include "mlir/Dialect/Quant/IR/QuantTypes.h"
#include "mlir/IR/BuiltinAttributes.h"
#include "mlir/IR/BuiltinTypes.h"
#include "mlir/IR/Dialect.h"
#include "mlir/IR/OpDefinition.h"
#include "mlir/IR/OpImplementation.h"
#include "mlir/IR/SymbolTable.h"
#include "mlir/Interfaces/SideEffectInterfaces.h"

#include "TFL/IR/TFLDialect.h.inc"
#include "TFL/IR/TFLInterfaces.h.inc"
#define GET_TYPEDEF_CLASSES
#include "TFL/IR/TFLTypes.h.inc"

#endif // TFL_IR_TFLDIALECT_H

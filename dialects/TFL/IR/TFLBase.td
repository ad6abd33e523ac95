//===- TFLBase.td - the tfl dialect ----------------------------*- tablegen -*-===//
//
// Part of tflc, under the Apache License 2.0.
//
//===----------------------------------------------------------------------===//

#ifndef TFLC_TFL_BASE
#define TFLC_TFL_BASE

include "mlir/IR/AttrTypeBase.td"
include "mlir/IR/BuiltinAttributeInterfaces.td"
include "mlir/IR/OpBase.td"

def TFL_Dialect : Dialect {
  let name = "tfl";
  let cppNamespace = "::tflc::tfl";
  let summary = "TensorFlow Lite models, one op for each builtin operator";
  let description = [{
    The level at which a model is imported, simplified and exported again. An op has the name of its builtin
    operator in lower case, its operands and results in the order of the schema, and one attribute for each field
    of its options table, under the field's own name: integers as `i32`, booleans as `bool`, floats as `f32`,
    enumerations as strings that hold the enumerator's name ("SAME", "RELU6"), vectors as dense arrays.
    Because of that, import and export are generic and know no operator.

    Tensors are ranked. Quantized tensors have element types of the `quant` dialect (`!quant.uniform<i8:f32, 0.5:-3>`,
    per axis `!quant.uniform<i8:f32:0, {...}>`); INT64 tensors, which `quant` cannot describe, are plain `i64`.
    UINT8 is `ui8` (storage type `u8` when quantized). An optional operand that is absent in the middle of the
    list is a `tfl.no_value`; one absent at the end is left out.
  }];
  let dependentDialects = ["::mlir::quant::QuantDialect", "::mlir::func::FuncDialect"];
  let hasConstantMaterializer = 1;
  let useDefaultTypePrinterParser = 1;
}

#endif

//===- ConstantOps.td - constants and absent operands ----------*- tablegen -*-===//
//
// Part of tflc, under the Apache License 2.0.
//
//===----------------------------------------------------------------------===//

#ifndef TFLC_TFL_CONSTANT_OPS
#define TFLC_TFL_CONSTANT_OPS

include "TFL/IR/TFLOpBase.td"

def TFL_ConstOp : TFL_Op<"const", [Pure, ConstantLike]> {
  let summary = "a tensor whose values stand in the model file";
  let description = [{
    `value` holds the stored integers or floats: for a quantized result its element type is the storage type as a
    signless integer, otherwise the element type of the result.

    ```mlir
    %w = tfl.const dense<[1, 2]> : tensor<2xi8> -> tensor<2x!quant.uniform<i8:f32, 0.5>>
    ```
  }];
  let arguments = (ins ElementsAttr:$value);
  let results = (outs TFL_Tensor:$output);
  let assemblyFormat = "$value attr-dict `->` type($output)";
  let hasFolder = 1;
}

def TFL_NoValueOp : TFL_Op<"no_value", [Pure, ConstantLike]> {
  let summary = "stands for an optional operand that is absent";
  let arguments = (ins UnitAttr:$value);
  let results = (outs NoneType:$output);
  let assemblyFormat = "attr-dict `:` type($output)";
  let hasFolder = 1;
}

#endif

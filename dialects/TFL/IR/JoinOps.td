//===- JoinOps.td - several tensors become one -------------*- tablegen -*-===//
//
// Part of tflc, under the Apache License 2.0.
//
//===----------------------------------------------------------------------===//

#ifndef TFLC_TFL_JOIN_OPS
#define TFLC_TFL_JOIN_OPS

include "TFL/IR/ElementSets.td"
include "TFL/IR/ShapeArithmetic.td"
include "TFL/IR/TFLOpBase.td"

def TFL_ConcatenationOp : TFL_Op<"concatenation", [Pure, TFL_InferShapes, TFL_ComputesShapes]> {
  let quantization = [Int8Since<2>, Int16Since<3>, Picks];
  let summary = "tensors one after the other along a dimension";
  let description = [{
    All inputs have the result's element type and, but for `axis`, its sizes. `axis` counts from the end where
    negative.

    An unsigned 8-bit input whose scale or zero point is not the result's is rescaled, in single precision:

    ```
    ratio = input_scale * (1 / output_scale)
    out   = clamp(round(in * ratio - input_zp * ratio) + output_zp, 0, 255)     round half away from zero
    ```

    Other types must agree.

    ```mlir
    %y = tfl.concatenation %a, %b {axis = 0 : i32, fused_activation_function = "NONE"}
      : (tensor<1x2xf32>, tensor<3x2xf32>) -> tensor<4x2xf32>
    ```
  }];
  let arguments = (ins Variadic<TFL_Tensor>:$inputs, I32Attr:$axis,
    DefaultValuedAttr<StrAttr, "\"NONE\"">:$fused_activation_function);
  let results = (outs TFL_Tensor:$output);
  let assemblyFormat = "operands attr-dict `:` functional-type(operands, results)";
  let hasVerifier = 1;
  let extraClassDeclaration = TFL_MovedElements.declaration;
}

def TFL_PackOp : TFL_Op<"pack", [Pure, TFL_InferShapes, TFL_ComputesShapes]> {
  let quantization = [Int8Since<2>, Int16Since<3>, Picks];
  let summary = "tensors of one shape along a new dimension";
  let description = [{
    ```mlir
    %y = tfl.pack %a, %b {values_count = 2 : i32, axis = 0 : i32} : (tensor<3xf32>, tensor<3xf32>) -> tensor<2x3xf32>
    ```
  }];
  let arguments = (ins Variadic<TFL_Tensor>:$values, I32Attr:$values_count, DefaultValuedAttr<I32Attr, "0">:$axis);
  let results = (outs TFL_Tensor:$output);
  let assemblyFormat = "operands attr-dict `:` functional-type(operands, results)";
  let hasVerifier = 1;
  let extraClassDeclaration = TFL_MovedElements.declaration;
}

#endif

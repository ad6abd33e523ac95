//===- PadOps.td - elements around a tensor ----------------*- tablegen -*-===//
//
// Part of tflc, under the Apache License 2.0.
//
//===----------------------------------------------------------------------===//

#ifndef TFLC_TFL_PAD_OPS
#define TFLC_TFL_PAD_OPS

include "TFL/IR/ElementSets.td"
include "TFL/IR/TFLOpBase.td"

def TFL_PadOp : TFL_Op<"pad", [Pure, TFL_InferShapes]> {
  let quantization = [Int8Since<2>, Int16Since<3>, Picks];
  let summary = "zeros around a tensor";
  let description = [{
    `paddings` has a row for each dimension: how many elements before and after. They hold the real number zero: the
    zero point in a quantized tensor.

    ```mlir
    %y = tfl.pad %x, %p : (tensor<1x4xf32>, tensor<2x2xi32>) -> tensor<1x7xf32>
    ```
  }];
  let arguments = (ins TFL_Tensor:$input, TFL_Tensor:$paddings);
  let results = (outs TFL_Tensor:$output);
  let assemblyFormat = "operands attr-dict `:` functional-type(operands, results)";
  let hasVerifier = 1;
  let extraClassDeclaration = TFL_MovedElements.declaration;
}

def TFL_PadV2Op : TFL_Op<"padv2", [Pure, TFL_InferShapes]> {
  let quantization = [Int8Since<2>, Int16Since<3>, Picks];
  let summary = "one value around a tensor";
  let description = [{
    As `tfl.pad`; the elements around hold `constant_values`, a single element of the tensor's type and quantization.
  }];
  let arguments = (ins TFL_Tensor:$input, TFL_Tensor:$paddings, TFL_Tensor:$constant_values);
  let results = (outs TFL_Tensor:$output);
  let assemblyFormat = "operands attr-dict `:` functional-type(operands, results)";
  let hasVerifier = 1;
  let extraClassDeclaration = TFL_MovedElements.declaration;
}

def TFL_MirrorPadOp : TFL_Op<"mirror_pad", [Pure, TFL_InferShapes]> {
  let quantization = [Int8Since<2>, Int16Since<3>, Picks];
  let summary = "mirror images around a tensor";
  let description = [{
    As `tfl.pad`; the elements around repeat the tensor backwards. `mode` is `REFLECT`, where the border itself is not
    repeated, or `SYMMETRIC`, where it is. A dimension of size n can be padded by n - 1 and n elements at each side.
  }];
  let arguments = (ins TFL_Tensor:$input, TFL_Tensor:$paddings, StrAttr:$mode);
  let results = (outs TFL_Tensor:$output);
  let assemblyFormat = "operands attr-dict `:` functional-type(operands, results)";
  let hasVerifier = 1;
  let extraClassDeclaration = TFL_MovedElements.declaration;
}

def TFL_DilateOp : TFL_Op<"dilate", [Pure, TFL_InferShapes]> {
  let summary = "one value between the elements of a tensor";
  let description = [{
    Puts `dilations - 1` elements that hold `padding_value` between neighbours of each dimension:
    `out[i * dilations] = in[i]`, and the padding value everywhere else.

    ```mlir
    %y = tfl.dilate %x, %d, %v : (tensor<2x4xf32>, tensor<2xi32>, tensor<f32>) -> tensor<3x10xf32>
    ```
  }];
  let arguments = (ins TFL_Tensor:$input, TFL_Tensor:$dilations, TFL_Tensor:$padding_value);
  let results = (outs TFL_Tensor:$output);
  let assemblyFormat = "operands attr-dict `:` functional-type(operands, results)";
  let hasVerifier = 1;
  let extraClassDeclaration = TFL_MovedElements.declaration;
}

def TFL_StablehloPadOp : TFL_Op<"stablehlo_pad", [Pure, TFL_InferShapes]> {
  let summary = "one value between and around the elements of a tensor";
  let description = [{
    Puts `interior_padding` elements between neighbours of each dimension, then `edge_padding_low` before and
    `edge_padding_high` after all of them; where these are negative, so many elements are left out. What is put in holds
    `padding_value`. Where a dimension has no element left, the result has none in any dimension.

    ```mlir
    %y = tfl.stablehlo_pad %x, %v {edge_padding_low = array<i64: 1>, edge_padding_high = array<i64: -1>,
      interior_padding = array<i64: 2>} : (tensor<3xf32>, tensor<f32>) -> tensor<7xf32>
    ```
  }];
  let arguments = (ins TFL_Tensor:$input, TFL_Tensor:$padding_value,
    DefaultValuedAttr<DenseI64ArrayAttr, "{}">:$edge_padding_low,
    DefaultValuedAttr<DenseI64ArrayAttr, "{}">:$edge_padding_high,
    DefaultValuedAttr<DenseI64ArrayAttr, "{}">:$interior_padding);
  let results = (outs TFL_Tensor:$output);
  let assemblyFormat = "operands attr-dict `:` functional-type(operands, results)";
  let hasVerifier = 1;
  let extraClassDeclaration = TFL_MovedElements.declaration;
}

#endif

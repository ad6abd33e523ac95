//===- TFLOps.td - all ops of the tfl dialect ------------------*- tablegen -*-===//
//
// Part of tflc, under the Apache License 2.0.
//
//===----------------------------------------------------------------------===//

#ifndef TFLC_TFL_OPS
#define TFLC_TFL_OPS

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

// The families, in alphabetical order.
include "TFL/IR/ActivationOps.td"
include "TFL/IR/ArithmeticOps.td"
include "TFL/IR/ConvolutionOps.td"
include "TFL/IR/JoinOps.td"
include "TFL/IR/LogicOps.td"
include "TFL/IR/MatMulOps.td"
include "TFL/IR/PadOps.td"
include "TFL/IR/PermuteOps.td"
include "TFL/IR/PoolingOps.td"
include "TFL/IR/QuantizationOps.td"
include "TFL/IR/ReductionOps.td"
include "TFL/IR/RepeatOps.td"
include "TFL/IR/ReshapeOps.td"
include "TFL/IR/ResizeOps.td"
include "TFL/IR/SliceOps.td"
include "TFL/IR/SoftmaxOps.td"
include "TFL/IR/UnaryOps.td"
include "TFL/IR/VariableOps.td"

#endif

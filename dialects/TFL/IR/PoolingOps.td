//===- PoolingOps.td - pooling ---------------------------------*- tablegen -*-===//
//
// Part of tflc, under the Apache License 2.0.
//
//===----------------------------------------------------------------------===//

#ifndef TFLC_TFL_POOLING_OPS
#define TFLC_TFL_POOLING_OPS

include "TFL/IR/ElementSets.td"
include "TFL/IR/TFLOpBase.td"

class TFL_PoolingOp<string mnemonic> : TFL_Op<mnemonic, [Pure, TFL_FusesActivation, TFL_InferShapes]> {
  let arguments = (ins TFL_Tensor:$input, StrAttr:$padding, I32Attr:$stride_w, I32Attr:$stride_h,
    I32Attr:$filter_width, I32Attr:$filter_height,
    DefaultValuedAttr<StrAttr, "\"NONE\"">:$fused_activation_function);
  let results = (outs TFL_Tensor:$output);
  let assemblyFormat = "operands attr-dict `:` functional-type(operands, results)";
  let hasVerifier = 1;
}

def TFL_AveragePool2DOp : TFL_PoolingOp<"average_pool_2d"> {
  let quantization = [Int8Since<2>, Int16Since<3>, SameScale];
  let summary = "mean over a window";
  let description = [{
    Each element of the result [n, oh, ow, c] is the mean of those elements of `input` [n, h, w, c] that the window
    covers; places of the window outside of the input count neither in the sum nor in the number.

    ```
    float32             out = activation(sum / count)
    int8, int16, uint8  out = clamp((sum + sign(sum) * (count / 2)) / count, act_min, act_max)
                        on the stored integers, accumulator i32, division truncating
    ```

    `act_min` and `act_max` as in `tfl.conv_2d`. Input and output have the same scale and zero point.

    ```mlir
    %y = tfl.average_pool_2d %x {padding = "VALID", stride_w = 2 : i32, stride_h = 2 : i32, filter_width = 2 : i32,
      filter_height = 2 : i32} : (tensor<1x8x8x4xf32>) -> tensor<1x4x4x4xf32>
    ```
  }];
  let extraClassDeclaration = TFL_Elements<"float32 int8 uint8 int16 qint8 quint8 qint16">.declaration;
}

def TFL_L2Pool2DOp : TFL_PoolingOp<"l2_pool_2d"> {
  let summary = "root of the mean square over a window";
  let description = [{
    As `tfl.average_pool_2d`, of squares, in float32: out = activation(sqrt(sum of x * x / count)).

    ```mlir
    %y = tfl.l2_pool_2d %x {padding = "VALID", stride_w = 2 : i32, stride_h = 2 : i32, filter_width = 2 : i32,
      filter_height = 2 : i32} : (tensor<1x8x8x4xf32>) -> tensor<1x4x4x4xf32>
    ```
  }];
  let extraClassDeclaration = TFL_Elements<"float32">.declaration;
}

def TFL_MaxPool2DOp : TFL_PoolingOp<"max_pool_2d"> {
  let quantization = [Int8Since<2>, Int16Since<3>, Picks];
  let summary = "maximum over a window";
  let description = [{
    Each element of the result [n, oh, ow, c] is the largest of those elements of `input` [n, h, w, c] that the
    window covers, then clamped as the fused activation says (`act_min` and `act_max` as in `tfl.conv_2d`). Input
    and output have the same scale and zero point. NaN never wins over a number.

    ```mlir
    %y = tfl.max_pool_2d %x {padding = "VALID", stride_w = 2 : i32, stride_h = 2 : i32, filter_width = 2 : i32,
      filter_height = 2 : i32} : (tensor<1x8x8x4xf32>) -> tensor<1x4x4x4xf32>
    ```
  }];
  let extraClassDeclaration = TFL_Elements<"float32 int8 uint8 int16 qint8 quint8 qint16">.declaration;
}

#endif

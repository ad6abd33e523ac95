//===- ConvolutionOps.td - convolutions ------------------------*- tablegen -*-===//
//
// Part of tflc, under the Apache License 2.0.
//
//===----------------------------------------------------------------------===//

#ifndef TFLC_TFL_CONVOLUTION_OPS
#define TFLC_TFL_CONVOLUTION_OPS

include "TFL/IR/MultiplyAccumulate.td"
include "TFL/IR/TFLOpBase.td"

def TFL_Conv2DOp : TFL_Op<"conv_2d", [Pure, TFL_CountsProducts, TFL_FusesActivation, TFL_InferShapes, TFL_TakesInt4Weights]> {
  let quantization = [Int8Since<3>, Int16Since<4>, HybridSince<2, 5>, Weights<1, 0>, BiasOf<2, 0, 1>];
  let summary = "two-dimensional convolution";
  let description = [{
    Slides `filter` [oc, kh, kw, ic / groups] over `input` [n, h, w, ic] and adds `bias` [oc]; the result is
    [n, oh, ow, oc]. The number of groups is ic of the input divided by ic of the filter; group g's output
    channels see only group g's input channels. Padding is "VALID" (none) or "SAME" (oh = ceil(h / stride_h), the
    odd row or column of padding comes last).

    ```
    n(y, x, o) = sum over ky, kx, i of
                   in(y * stride_h + ky * dilation_h - pad_top, x * stride_w + kx * dilation_w - pad_left, i) * w(o, ky, kx, i)
    float32   out = activation(n + bias(o))                               // outside of the input: 0
    int8, uint8 (accumulator i32)
      in = input - zp(input), w = filter - zp(filter)                     // outside of the input: 0
      m(o), s(o) = quantize_multiplier(scale(input) * scale(filter, o) / scale(output))
      out = clamp(rescale<double>(n + bias(o), m(o), s(o)) + zp(output), act_min, act_max)
    int16 activations, int8 filter (zero points are 0)
      i64 bias: accumulator i64, rescale<reduced>
      i32 bias or none: accumulator i32, rescale<double>
    hybrid (float32 input and output, int8 or int4 filter): each batch b of the input is quantized on its own,
      without symmetry, to q(b) = clamp(round(input / scale(b)) + zp(b)); then
      out = activation(float(sum of (q - zp(b)) * w) * scale(b) * scale(filter, o) + bias(o))
      A filter with one scale has q symmetric (zp = 0).
    ```

    The product of scales is computed in double, for uint8 the two factors in float. `act_min` and `act_max` are
    the type's limits, narrowed by the activation: zp + round(bound / scale(output)). In float32, what an activation
    leaves open ends at the largest finite numbers: an infinite sum becomes one of those, a NaN stays.

    Constraints: rank 4, strides and dilations positive; the filter's zero points are 0 unless uint8; only the
    filter may have a scale for each channel, along dimension 0.

    ```mlir
    %y = tfl.conv_2d %x, %w, %b {padding = "SAME", stride_w = 1 : i32, stride_h = 1 : i32, fused_activation_function = "NONE"}
      : (tensor<1x8x8x3xf32>, tensor<4x3x3x3xf32>, tensor<4xf32>) -> tensor<1x8x8x4xf32>
    ```
  }];
  let arguments = (ins TFL_Tensor:$input, TFL_Tensor:$filter, Optional<TFL_TensorOrNone>:$bias,
    StrAttr:$padding, I32Attr:$stride_w, I32Attr:$stride_h,
    DefaultValuedAttr<StrAttr, "\"NONE\"">:$fused_activation_function,
    DefaultValuedAttr<I32Attr, "1">:$dilation_w_factor, DefaultValuedAttr<I32Attr, "1">:$dilation_h_factor,
    DefaultValuedAttr<StrAttr, "\"FLOAT32\"">:$quantized_bias_type);
  let results = (outs TFL_Tensor:$output);
  let assemblyFormat = "operands attr-dict `:` functional-type(operands, results)";
  let hasVerifier = 1;
}

def TFL_DepthwiseConv2DOp : TFL_Op<"depthwise_conv_2d", [Pure, TFL_CountsProducts, TFL_FusesActivation, TFL_InferShapes, TFL_TakesInt4Weights]> {
  let quantization = [Int8Since<3>, Int16Since<5>, HybridSince<4, 6>, Weights<1, 3>, BiasOf<2, 0, 1>];
  let summary = "two-dimensional convolution of each channel by itself";
  let description = [{
    Output channel c * depth_multiplier + k is input channel c convolved with `filter` [1, kh, kw, oc] at that output
    channel, plus `bias` [oc]. Everything else is as in `tfl.conv_2d`, with a sum over ky and kx alone; the
    filter's scales for each channel stand along dimension 3. Int16 activations always have an i64 accumulator.
    `depth_multiplier` is redundant: the shapes decide, oc / ic.

    In a hybrid product the input is never quantized symmetrically.

    ```mlir
    %y = tfl.depthwise_conv_2d %x, %w, %b {padding = "SAME", stride_w = 1 : i32, stride_h = 1 : i32, depth_multiplier = 1 : i32}
      : (tensor<1x8x8x4xf32>, tensor<1x3x3x4xf32>, tensor<4xf32>) -> tensor<1x8x8x4xf32>
    ```
  }];
  let arguments = (ins TFL_Tensor:$input, TFL_Tensor:$filter, Optional<TFL_TensorOrNone>:$bias,
    StrAttr:$padding, I32Attr:$stride_w, I32Attr:$stride_h, DefaultValuedAttr<I32Attr, "0">:$depth_multiplier,
    DefaultValuedAttr<StrAttr, "\"NONE\"">:$fused_activation_function,
    DefaultValuedAttr<I32Attr, "1">:$dilation_w_factor, DefaultValuedAttr<I32Attr, "1">:$dilation_h_factor);
  let results = (outs TFL_Tensor:$output);
  let assemblyFormat = "operands attr-dict `:` functional-type(operands, results)";
  let hasVerifier = 1;
}

def TFL_TransposeConvOp : TFL_Op<"transpose_conv", [Pure, TFL_CountsProducts, TFL_FusesActivation, TFL_InferShapes]> {
  let quantization = [Int8Since<3>, Int16Since<4>, HybridSince<3, 3>, Weights<1, 0>, BiasOf<3, 2, 1>];
  let summary = "transposed two-dimensional convolution";
  let description = [{
    The adjoint of a convolution: each element of `input` [n, h, w, ic] adds a scaled `weights` [oc, kh, kw, ic] to
    the result, whose shape [n, oh, ow, oc] stands in `output_shape`. What falls outside of the result is lost.

    ```
    n(y, x, o) = sum over iy, ix, i, ky, kx with iy * stride_h + ky - pad_top = y, ix * stride_w + kx - pad_left = x of
                   in(iy, ix, i) * w(o, ky, kx, i)
    ```

    The padding is that of a convolution from the result's size to the input's. Arithmetic, types and constraints
    are those of `tfl.conv_2d`; int16 activations have an i64 accumulator unless the bias is i32.

    ```mlir
    %y = tfl.transpose_conv %shape, %w, %x, %b {padding = "SAME", stride_w = 2 : i32, stride_h = 2 : i32}
      : (tensor<4xi32>, tensor<4x3x3x3xf32>, tensor<1x8x8x3xf32>, tensor<4xf32>) -> tensor<1x16x16x4xf32>
    ```
  }];
  let arguments = (ins TFL_Tensor:$output_shape, TFL_Tensor:$weights, TFL_Tensor:$input, Optional<TFL_TensorOrNone>:$bias,
    StrAttr:$padding, I32Attr:$stride_w, I32Attr:$stride_h,
    DefaultValuedAttr<StrAttr, "\"NONE\"">:$fused_activation_function,
    DefaultValuedAttr<StrAttr, "\"FLOAT32\"">:$quantized_bias_type);
  let results = (outs TFL_Tensor:$output);
  let assemblyFormat = "operands attr-dict `:` functional-type(operands, results)";
  let hasVerifier = 1;
}

class TFL_Conv3DOpBase<string mnemonic, dag operands> : TFL_Op<mnemonic, [Pure, TFL_CountsProducts, TFL_FusesActivation, TFL_InferShapes]> {
  let arguments = !con(operands, (ins StrAttr:$padding, I32Attr:$stride_d, I32Attr:$stride_w, I32Attr:$stride_h,
    DefaultValuedAttr<StrAttr, "\"NONE\"">:$fused_activation_function,
    DefaultValuedAttr<I32Attr, "1">:$dilation_d_factor, DefaultValuedAttr<I32Attr, "1">:$dilation_w_factor,
    DefaultValuedAttr<I32Attr, "1">:$dilation_h_factor));
  let results = (outs TFL_Tensor:$output);
  let assemblyFormat = "operands attr-dict `:` functional-type(operands, results)";
  let hasVerifier = 1;
}

def TFL_Conv3DOp : TFL_Conv3DOpBase<"conv_3d",
    (ins TFL_Tensor:$input, TFL_Tensor:$filter, Optional<TFL_TensorOrNone>:$bias)> {
  let summary = "three-dimensional convolution";
  let description = [{
    `tfl.conv_2d` with a depth in front of height and width, in float32 and without groups: `input` is
    [n, d, h, w, ic], `filter` [kd, kh, kw, ic, oc], the result [n, od, oh, ow, oc].

    ```mlir
    %y = tfl.conv_3d %x, %w {padding = "SAME", stride_d = 1 : i32, stride_w = 1 : i32, stride_h = 1 : i32}
      : (tensor<1x4x4x4x3xf32>, tensor<3x3x3x3x5xf32>) -> tensor<1x4x4x4x5xf32>
    ```
  }];
}

def TFL_Conv3DTransposeOp : TFL_Conv3DOpBase<"conv_3d_transpose",
    (ins TFL_Tensor:$output_shape, TFL_Tensor:$filter, TFL_Tensor:$input, Optional<TFL_TensorOrNone>:$bias)> {
  let summary = "transposed three-dimensional convolution";
  let description = [{
    `tfl.transpose_conv` with a depth in front of height and width, in float32: `input` is
    [n, d, h, w, ic], `filter` [kd, kh, kw, oc, ic], neighbouring taps `dilation_*_factor` places apart.

    ```mlir
    %y = tfl.conv_3d_transpose %shape, %w, %x {padding = "SAME", stride_d = 2 : i32, stride_w = 2 : i32, stride_h = 2 : i32}
      : (tensor<5xi32>, tensor<3x3x3x5x3xf32>, tensor<1x4x4x4x3xf32>) -> tensor<1x8x8x8x5xf32>
    ```
  }];
}

#endif

//===- NormalizationOps.td - division by a norm ---------------*- tablegen -*-===//
//
// Part of tflc, under the Apache License 2.0.
//
//===----------------------------------------------------------------------===//

#ifndef TFLC_TFL_NORMALIZATION_OPS
#define TFLC_TFL_NORMALIZATION_OPS

include "TFL/IR/ElementwiseBase.td"

def TFL_L2NormalizationOp : TFL_UnaryOp<"l2_normalization", "float32 qint8 quint8"> {
  let quantization = [Int8Since<2>, FixedResult<7, 0, 15>];
  let summary = "rows divided by their length";
  let description = [{
    With sums over the last dimension, and x = in - zi:
    ```
    float32   out = in / max(sqrt(sum(in * in)), 1e-6)

    qint8     m, s = the fixed-point number 1 / sqrt(sum(x * x))    // five steps of Newton's iteration
              out = clamp(rescale<double>(x, m, s + 7), -128, 127)

    quint8    out = clamp(rescale<double>(128 * x, m, s) + 128, 0, 255)
    ```
    The result has scale 1/128 and zero point 0 (quint8: 128). A sum of 0 counts as 1.

    ```mlir
    %y = tfl.l2_normalization %x : (tensor<2x3xf32>) -> tensor<2x3xf32>
    ```
  }];
  let arguments = (ins TFL_Tensor:$input, TFL_Activation:$fused_activation_function);
  let extraClassDefinition = shapesDefinition;
}

def TFL_LocalResponseNormalizationOp : TFL_UnaryOp<"local_response_normalization", "float32"> {
  let summary = "elements divided by a power of the squares around them";
  let description = [{
    `out[..., c] = in[..., c] * (bias + alpha * sum over i in [c - radius, c + radius] of in[..., i]^2) ^ -beta`, where elements outside
    of the last of the four dimensions count as zero. (LiteRT's reference kernel leaves the last one of the window out; its optimized
    kernel and TensorFlow do not.)

    ```mlir
    %y = tfl.local_response_normalization %x {radius = 2 : i32, bias = 1.0 : f32, alpha = 0.5 : f32, beta = 0.75 : f32}
      : (tensor<1x4x4x8xf32>) -> tensor<1x4x4x8xf32>
    ```
  }];
  let arguments = (ins TFL_Tensor:$input, DefaultValuedAttr<I32Attr, "0">:$radius,
    DefaultValuedAttr<F32Attr, "0.0">:$bias, DefaultValuedAttr<F32Attr, "0.0">:$alpha,
    DefaultValuedAttr<F32Attr, "0.0">:$beta);
  let extraClassDefinition = shapesDefinition;
}

#endif

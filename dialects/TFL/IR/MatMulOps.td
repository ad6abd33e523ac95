//===- MatMulOps.td - products of matrices ---------------------*- tablegen -*-===//
//
// Part of tflc, under the Apache License 2.0.
//
//===----------------------------------------------------------------------===//

#ifndef TFLC_TFL_MATMUL_OPS
#define TFLC_TFL_MATMUL_OPS

include "TFL/IR/ElementSets.td"
include "TFL/IR/MultiplyAccumulate.td"
include "TFL/IR/TFLOpBase.td"

def TFL_FullyConnectedOp : TFL_Op<"fully_connected", [Pure, TFL_CountsProducts, TFL_FusesActivation, TFL_InferShapes, TFL_TakesInt4Weights]> {
  let quantization = [Int8Since<4>, Int16Since<7>, HybridSince<9, 12>, Weights<1, 0>, BiasOf<2, 0, 1>, BlockScales];
  let summary = "a dense layer";
  let description = [{
    Reads `input` as a matrix [m, k] and multiplies it with the transpose of `weights` [n, k]; `bias` has n elements.
    With `keep_num_dims` the result has the input's shape with the last dimension replaced by n, otherwise it is
    [m, n] with m = elements of the input / k.

    ```
    d(i, j) = sum over l of x(i, l) * w(j, l)
    float32   out = activation(d + bias(j))
    int8, uint8 (accumulator i32; the result of uint8 may be int16)
      x = input - zp(input), w = weights - zp(weights)
      m(j), s(j) = quantize_multiplier(scale(input) * scale(weights, j) / scale(output))
      out = clamp(rescale<single>(d + bias(j), m(j), s(j)) + zp(output), act_min, act_max)
    int16 activations, int8 weights (zero points are 0)
      i64 bias: accumulator i64;  i32 bias or none: accumulator i32;  rescale<single> of either
    hybrid (float32 input and output, int8 or int4 weights): each row i of the input is quantized on its own to q,
      asymmetric_quantize_inputs
        false: scale(i) = max|x| / 127, q = clamp(round(x * (127 / max|x|)), -127, 127), zp(i) = 0
        true:  the range [min(x, 0), max(x, 0)] is mapped on [-128, 127], with an integer zero point
      out = activation(float(sum of (q - zp(i)) * w) * (scale(i) * scale(weights, j)) + bias(j))
    hybrid with a scale for each block of weights (int4, constant, whole blocks b along a row): q, scale(i) and zp(i) as
      above with asymmetric_quantize_inputs, whatever the attribute says; floats are added in the order of the blocks
      s(i, j) = sum over b of float(sum over l in b of q(i, l) * w(j, l)) * scale(weights, j, b)
      z(j)    = sum over b of scale(weights, j, b) * float(sum over l in b of w(j, l))
      out = activation((s(i, j) - float(zp(i)) * z(j)) * scale(i) + bias(j))
      The reference kernel leaves this activation out; XNNPACK does not.
    ```

    The product of scale(input) and scale(weights) is computed in double. `act_min`, `act_max` as in `tfl.conv_2d`.

    ```mlir
    %y = tfl.fully_connected %x, %w, %b : (tensor<1x8xf32>, tensor<4x8xf32>, tensor<4xf32>) -> tensor<1x4xf32>
    ```
  }];
  let arguments = (ins TFL_Tensor:$input, TFL_Tensor:$weights, Optional<TFL_TensorOrNone>:$bias,
    DefaultValuedAttr<StrAttr, "\"NONE\"">:$fused_activation_function,
    DefaultValuedAttr<StrAttr, "\"DEFAULT\"">:$weights_format,
    DefaultValuedAttr<BoolAttr, "false">:$keep_num_dims,
    DefaultValuedAttr<BoolAttr, "false">:$asymmetric_quantize_inputs,
    DefaultValuedAttr<StrAttr, "\"FLOAT32\"">:$quantized_bias_type);
  let results = (outs TFL_Tensor:$output);
  let assemblyFormat = "operands attr-dict `:` functional-type(operands, results)";
  let hasVerifier = 1;
}

def TFL_BatchMatMulOp : TFL_Op<"batch_matmul", [Pure, TFL_CountsProducts, TFL_InferShapes]> {
  let quantization = [Int8Since<2>, Int16Since<3>, HybridSince<4>, VariableWeights<1>];
  let summary = "products of matrices in the last two dimensions";
  let description = [{
    Multiplies the matrices in the last two dimensions of `x` ([m, k], or [k, m] with `adj_x`) and `y` ([k, n], or
    [n, k] with `adj_y`). The dimensions in front are broadcast against each other; one that is unknown until run time is not.

    ```
    d(i, j) = sum over l of x(i, l) * y(l, j)
    float32   out = d
    int8      out = clamp(rescale<double>(sum of (x - zp(x)) * (y - zp(y)), m, s) + zp(output)), accumulator i32
              with m, s = quantize_multiplier(scale(x) * scale(y) / scale(output))
    int16     accumulator i64, rescale<reduced>; the zero points are 0; the second operand may be int8
    int8 to int32   out = sum of x * y, the zero points are 0
    hybrid    float32 `x` and result, int8 `y`: each row of x is quantized as in `tfl.fully_connected`
    ```

    ```mlir
    %z = tfl.batch_matmul %x, %y {adj_y = true} : (tensor<2x3x4xf32>, tensor<2x5x4xf32>) -> tensor<2x3x5xf32>
    ```
  }];
  let arguments = (ins TFL_Tensor:$x, TFL_Tensor:$y,
    DefaultValuedAttr<BoolAttr, "false">:$adj_x, DefaultValuedAttr<BoolAttr, "false">:$adj_y,
    DefaultValuedAttr<BoolAttr, "false">:$asymmetric_quantize_inputs);
  let results = (outs TFL_Tensor:$output);
  let assemblyFormat = "operands attr-dict `:` functional-type(operands, results)";
  let hasVerifier = 1;
  let extraClassDeclaration = TFL_Elements<"float32 float32*qint8 qint8 qint16 qint16*qint8">.declaration;
}

#endif

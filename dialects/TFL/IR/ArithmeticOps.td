//===- ArithmeticOps.td - elementwise arithmetic ---------------*- tablegen -*-===//
//
// Part of tflc, under the Apache License 2.0.
//
//===----------------------------------------------------------------------===//

#ifndef TFLC_TFL_ARITHMETIC_OPS
#define TFLC_TFL_ARITHMETIC_OPS

include "TFL/IR/ElementwiseBase.td"
include "TFL/IR/ShapeArithmetic.td"

def TFL_AddOp : TFL_ActivatedBinaryOp<"add", "float32 float16 int16 int32 int64 qint8 quint8 qint16", [TFL_ComputesShapes]> {
  let quantization = [Int8Since<2>, Int16Since<3>, Adds];
  let summary = "elementwise sum";
  let description = [{
    ```
    float, plain integers   out = activation(lhs + rhs), integers modulo their width

    qint8, quint8, qint16   (s1, s2, so: the scales; z1, z2, zo: the zero points; left = 15 for 16 bits, else 20)
      twice = 2 * max(s1, s2)
      a     = rescale<double>((lhs - z1) << left, s1 / twice)
      b     = rescale<double>((rhs - z2) << left, s2 / twice)
      out   = clamp(rescale<double>(a + b, twice / (2^left * so)) + zo, act_min, act_max)

    qint16 where `pot_scale_int16` is set and all scales are powers of two: one operand has the output's scale, and
      out   = clamp(saturate16(x + round_half_away(y / 2^n)), act_min, act_max)
      where x is the operand with the output's scale and the other operand's scale is 2^-n of it
    ```
    Operands are broadcast against each other. `act_min` and `act_max` are what the fused activation function leaves of
    the result's type, see `tfl.conv_2d`.

    ```mlir
    %y = tfl.add %a, %b {fused_activation_function = "RELU"} : (tensor<2x3xf32>, tensor<3xf32>) -> tensor<2x3xf32>
    ```
  }];
  let arguments = (ins TFL_Tensor:$lhs, TFL_Tensor:$rhs, TFL_Activation:$fused_activation_function,
    DefaultValuedAttr<BoolAttr, "true">:$pot_scale_int16);
}

def TFL_AddNOp : TFL_ElementwiseOp<"add_n", "float32 int32"> {
  let summary = "elementwise sum of any number of tensors";
  let description = [{
    `out = inputs[0] + inputs[1] + ...`, integers modulo their width. All inputs have one shape.

    ```mlir
    %y = tfl.add_n %a, %b, %c : (tensor<3xf32>, tensor<3xf32>, tensor<3xf32>) -> tensor<3xf32>
    ```
  }];
  let arguments = (ins Variadic<TFL_Tensor>:$inputs);
  let extraClassDefinition = shapesDefinition;
}

def TFL_SubOp : TFL_ActivatedBinaryOp<"sub", "float32 int32 int64 qint8 quint8 qint16", [TFL_ComputesShapes]> {
  let quantization = [Int8Since<2>, Int16Since<5>, Subtracts];
  let summary = "elementwise difference";
  let description = [{
    As `tfl.add` with `a - b` instead of `a + b`. The arithmetic for scales that are powers of two is used for `qint16`
    whenever all scales are such, whatever `pot_scale_int16` says.

    ```mlir
    %y = tfl.sub %a, %b : (tensor<2x3xf32>, tensor<3xf32>) -> tensor<2x3xf32>
    ```
  }];
  let arguments = (ins TFL_Tensor:$lhs, TFL_Tensor:$rhs, TFL_Activation:$fused_activation_function,
    DefaultValuedAttr<BoolAttr, "true">:$pot_scale_int16);
}

def TFL_MulOp : TFL_ActivatedBinaryOp<"mul",
    "float32 float16 int16 int32 int64 uint32 complex64 qint8 quint8 qint16", [TFL_ComputesShapes]> {
  let quantization = [Int8Since<2>, Int16Since<4>, Multiplies];
  let summary = "elementwise product";
  let description = [{
    ```
    float, plain integers   out = activation(lhs * rhs), integers modulo their width

    qint8, quint8, qint16   out = clamp(rescale<double>((lhs - z1) * (rhs - z2), (s1 * s2 / so) in float) + zo,
                                        act_min, act_max)

    qint16 operands, 8 bit result: the operands count as fractions of 2^15, their scales do not matter
      p     = round_half_away(lhs * rhs / 2^15), the product of two INT16_MIN saturated
      out   = clamp(round_half_away(p / 2^8) + zo, act_min, act_max)
    ```

    ```mlir
    %y = tfl.mul %a, %b : (tensor<2x3xf32>, tensor<3xf32>) -> tensor<2x3xf32>
    ```
  }];
  let extraClassDefinition = shapesDefinition;
}

def TFL_DivOp : TFL_ActivatedBinaryOp<"div", "float32 int32 qint8 quint8 qint16", [TFL_ComputesShapes]> {
  let quantization = [Int8Since<1>];
  let summary = "elementwise quotient";
  let description = [{
    ```
    float32   out = activation(lhs / rhs)
    int32     out = activation(lhs / rhs), rounded to zero; division by zero is an error of the invocation

    qint8, quint8, qint16   (all in i32; a = lhs - z1, b = rhs - z2, both negated where b < 0)
      inv, k = reciprocal(b)                       // see tfl.softmax: b ~ 2^k, inv ~ 2^31 / (b / 2^k), k bits over the unit
      h      = leading sign bits of a
      q      = saturating_doubling_high_multiply(a << h, inv)
      r      = shift(saturating_doubling_high_multiply(q, multiplier), shift - k - h), rounded half away from zero
      out    = clamp(r + zo, act_min, act_max)     // multiplier, shift: of s1 / (s2 * so)
    ```
  }];
}

def TFL_MaximumOp : TFL_BinaryOp<"maximum",
    "float32 float16 bfloat16 int8 int16 int32 int64 uint8 complex64 qint8 quint8 qint16", [TFL_ComputesShapes]> {
  let quantization = [Int8Since<2>, Int16Since<4>, Picks];
  let summary = "elementwise maximum";
  let description = [{
    `out = lhs > rhs ? lhs : rhs` on the stored values: operands and result have one scale and zero point. A comparison
    with NaN is false. Of complex64 there are only tensors without elements, as in the reference.
  }];
  let extraClassDefinition = shapesDefinition;
}

def TFL_MinimumOp : TFL_BinaryOp<"minimum",
    "float32 float16 bfloat16 int8 int16 int32 int64 uint8 complex64 qint8 quint8 qint16", [TFL_ComputesShapes]> {
  let quantization = [Int8Since<2>, Int16Since<4>, Picks];
  let summary = "elementwise minimum";
  let description = [{
    `out = lhs < rhs ? lhs : rhs` on the stored values: operands and result have one scale and zero point. A comparison
    with NaN is false. Of complex64 there are only tensors without elements, as in the reference.
  }];
  let extraClassDefinition = shapesDefinition;
}

def TFL_SquaredDifferenceOp : TFL_BinaryOp<"squared_difference", "float32 int32 qint8"> {
  let quantization = [Int8Since<2>];
  let summary = "elementwise square of the difference";
  let description = [{
    ```
    float32, int32   out = (lhs - rhs)^2, integers modulo their width

    qint8            twice = 2 * max(s1, s2)
      a   = rescale<double>((lhs - z1) << 7, s1 / twice)
      b   = rescale<double>((rhs - z2) << 7, s2 / twice)
      out = clamp(rescale<double>((a - b)^2, twice^2 / (2^14 * so)) + zo, -128, 127)
    ```
  }];
}

def TFL_PowOp : TFL_BinaryOp<"pow", "float32 int32"> {
  let summary = "elementwise power";
  let description = [{
    `out = lhs^rhs`. Integers modulo their width; a negative exponent of an integer is an error of the invocation.
  }];
}

def TFL_FloorDivOp : TFL_BinaryOp<"floor_div", "float32 int8 int16 int32 qint8 qint16", [TFL_ComputesShapes]> {
  let summary = "elementwise quotient, rounded down";
  let description = [{
    `out = floor(lhs / rhs)` on the stored values.
  }];
}

def TFL_FloorModOp : TFL_BinaryOp<"floor_mod", "float32 int8 int16 int32 int64 qint8 qint16", [TFL_ComputesShapes]> {
  let summary = "elementwise remainder of the quotient rounded down";
  let description = [{
    `out = lhs - floor(lhs / rhs) * rhs` on the stored values: zero or of the sign of `rhs`.
  }];
}

def TFL_Atan2Op : TFL_BinaryOp<"atan2", "float32 float64 float16 bfloat16"> {
  let summary = "elementwise angle of a point";
  let description = [{
    The angle between the positive x axis and the point `(x, y) = (rhs, lhs)`, in (-pi, pi]. Halves are computed in float32.
  }];
}

#endif

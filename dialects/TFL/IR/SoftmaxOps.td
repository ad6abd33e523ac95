//===- SoftmaxOps.td - softmax ---------------------------------*- tablegen -*-===//
//
// Part of tflc, under the Apache License 2.0.
//
//===----------------------------------------------------------------------===//

#ifndef TFLC_TFL_SOFTMAX_OPS
#define TFLC_TFL_SOFTMAX_OPS

include "TFL/IR/ElementSets.td"
include "TFL/IR/TFLOpBase.td"

class TFL_SoftmaxLikeOp<string mnemonic> : TFL_Op<mnemonic, [Pure, TFL_InferShapes]> {
  let arguments = (ins TFL_Tensor:$input);
  let results = (outs TFL_Tensor:$output);
  let assemblyFormat = "operands attr-dict `:` functional-type(operands, results)";
  let hasVerifier = 1;
}

def TFL_SoftmaxOp : TFL_SoftmaxLikeOp<"softmax"> {
  let quantization = [Int8Since<2>, Int16Since<3>, FixedResult<8, -128, 15>, SharesOfExponentials];
  let summary = "exponentials, divided by their sum along the last dimension";
  let description = [{
    With `d = in - max(in)`, along the last dimension:

    ```
    float32          out = exp(d * beta) / sum(exp(d * beta))
    float16          the same in float32, rounded

    qint8, quint8 to qint8, quint8 or qint16 (fixed point; w: width of the result)
      e[d] = exp(d * beta * si) with 31 fractional bits, 0 where it is below 2^-16: a table of 256 entries
      sum  = sum(round_half_away(e[d] / 2^12))            // 19 fractional bits
      h    = leading zeros of sum;  x = (sum << h) - 2^31 // sum = 2^(12 - h) * (1 + x / 2^31)
      r    = 1 / (1 + x) with 31 fractional bits, by three steps of Newton's iteration
      out  = clamp(round_half_away(high(r, e[d]) / 2^(12 - h + 31 - w)) + least value of the type)

    qint16 to qint16 (tables: of 513 entries with interpolation, as in tfl.exp)
      e    = exp_table[clamp16(rescale<double>(d, si * beta / (10 / 65535)) + 32767)]
      sum  = sum(e);  h = leading zeros of sum
      x    = clamp16((((i64(sum) << (h - 1)) + 2^13) >> 14) - 2^15 - 2^16)
      out  = clamp((e * reciprocal_table[x] + 2^(30 - h)) >> (31 - h), 0, 32767)
    ```
    The scale of the result is 1/256 (2^-15 for `qint16`) and its zero point the least value of the type (0 for `qint16`).

    ```mlir
    %y = tfl.softmax %x {beta = 1.0 : f32} : (tensor<1x10xf32>) -> tensor<1x10xf32>
    ```
  }];
  let arguments = (ins TFL_Tensor:$input, F32Attr:$beta);
  let extraClassDeclaration = TFL_Elements<"float32 float16 qint8 quint8 qint16">.declaration;
}

def TFL_LogSoftmaxOp : TFL_SoftmaxLikeOp<"log_softmax"> {
  let quantization = [Int8Since<2>, FixedResult<4, 127, 0>];
  let summary = "logarithm of the softmax along the last dimension";
  let description = [{
    With `d = in - max(in)`, along the last dimension:

    ```
    float32          out = d - log(sum(exp(d)))

    qint8, quint8 (fixed point)
      x    = d * si with 26 fractional bits
      sum  = sum(round_half_away(exp(x) / 2^12))          // 19 fractional bits; exp as in tfl.softmax
      l    = log(sum) with 26 fractional bits: 2^n is taken out for a fraction in [2^-1/2, 1], then
             a rational function around 2^-1/4
      out  = clamp(round_half_away((x - l) / 2^22) + zo)
    ```
    The scale of a quantized result is 1/16, its zero point the largest value of the type.
  }];
  let extraClassDeclaration = TFL_Elements<"float32 qint8 quint8">.declaration;
}

#endif

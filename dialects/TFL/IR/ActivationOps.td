//===- ActivationOps.td - activation functions -----------------*- tablegen -*-===//
//
// Part of tflc, under the Apache License 2.0.
//
//===----------------------------------------------------------------------===//

#ifndef TFLC_TFL_ACTIVATION_OPS
#define TFLC_TFL_ACTIVATION_OPS

include "TFL/IR/ElementwiseBase.td"

class TFL_ReluLikeOp<string mnemonic, string types, string low, string high> : TFL_UnaryOp<mnemonic, types> {
  let summary = "clamp to [" # low # ", " # high # "]";
  let description = [{
    ```
    float32                 out = min(max(in, }] # low # [{), }] # high # [{)
    qint8, quint8, qint16   out = clamp(rescale<double>(in - zi, si / so in float) + zo,
                                        zo + round(}] # low # [{ / so), zo + round(}] # high # [{ / so)), and the type's limits
    ```
    For `qint16` the input is taken over without rescaling: `out = clamp(in - zi + zo, ...)`.
  }];
}

def TFL_ReluOp : TFL_ReluLikeOp<"relu", "float32 qint8 quint8 qint16", "0", "infinity"> {
  let quantization = [Int8Since<2>, Int16Since<3>, Clamps<0>];
}
def TFL_Relu6Op : TFL_ReluLikeOp<"relu6", "float32 qint8 quint8 qint16", "0", "6"> {
  let quantization = [Int8Since<2>, Int16Since<3>, Clamps<0, 6>];
}
def TFL_ReluN1To1Op : TFL_ReluLikeOp<"relu_n1_to_1", "float32 qint8 quint8", "-1", "1"> {
  let quantization = [Int8Since<1>, Clamps<-1, 1>];
}
def TFL_Relu0To1Op : TFL_ReluLikeOp<"relu_0_to_1", "float32 qint8 quint8", "0", "1"> {
  let quantization = [Int8Since<1>, Clamps<0, 1>];
}

def TFL_LeakyReluOp : TFL_UnaryOp<"leaky_relu", "float32 qint8 quint8 qint16"> {
  let quantization = [Int8Since<1>, Int16Since<2>];
  let summary = "identity, and a multiple of it below zero";
  let description = [{
    ```
    float32                 out = in > 0 ? in : in * alpha
    qint8, quint8, qint16   v   = in - zi
                            out = clamp(rescale<double>(v, v >= 0 ? si / so : si * alpha / so) + zo, type's limits)
    ```
    The quotients are computed in float. `alpha` may be negative only for float32.
  }];
  let arguments = (ins TFL_Tensor:$input, F32Attr:$alpha);
}

def TFL_PreluOp : TFL_BinaryOp<"prelu", "float32 qint8 quint8"> {
  let quantization = [Int8Since<1>];
  let summary = "identity, and a learned multiple of it below zero";
  let description = [{
    `alpha` is broadcast to the shape of `input`.

    ```
    float32         out = in >= 0 ? in : in * alpha
    qint8, quint8   v   = in - zi
                    out = clamp((v >= 0 ? rescale<double>(v, si / so) : rescale<double>(v * (alpha - za), si * sa / so)) + zo)
    ```
  }];
  let arguments = (ins TFL_Tensor:$input, TFL_Tensor:$alpha);
}

class TFL_TableNote<string formula> {
  string text = [{
    ```
    float32   out = }] # formula # [{

    qint8, quint8, by a table of 256 entries, all in float (f: the function above)
      out = clamp(round(f(si * (in - zi)) * (1 / so)) + zo, type's limits)
    ```
  }];
}

def TFL_EluOp : TFL_UnaryOp<"elu", "float32 qint8"> {
  let summary = "exponential linear unit";
  let description = TFL_TableNote<"in < 0 ? exp(in) - 1 : in">.text;
}

def TFL_GeluOp : TFL_UnaryOp<"gelu", "float32 float16 qint8 quint8 qint16"> {
  let quantization = [Int8Since<2>, Int16Since<2>];
  let summary = "Gaussian error linear unit";
  let description = TFL_TableNote<"in / 2 * (1 + erf(in / sqrt(2)))">.text # [{
    With `approximate`, `in / 2 * (1 + tanh(sqrt(2 / pi) * (in + 0.044715 * in^3)))`.
  }];
  let arguments = (ins TFL_Tensor:$input, DefaultValuedAttr<BoolAttr, "false">:$approximate);
}

def TFL_HardSwishOp : TFL_UnaryOp<"hard_swish", "float32 qint8 quint8"> {
  let quantization = [Int8Since<1>, Distinguishes<-30>];
  let summary = "in * relu6(in + 3) / 6";
  let description = [{
    ```
    float32         out = in * min(6, max(0, in + 3)) / 6

    qint8, quint8   (16 bit fixed point, `m16, e` of a float: its quantized multiplier halved to 16 bits and exponent)
      x     = (in - zi) << 7
      pre   = high(x, m16(si / 128 / so))                        // rounding doubling high multiply of 16 bits
      r     = e > 0 ? saturate16(x << (e - 1)) : x               // m16, e of si / 128 / (3 / 2^15)
      r     = high(r, m16)
      r     = e > 0 ? saturate16(r << 1) : round_half_away(r / 2^-e)
      r     = (r + 2^15) >> 1
      p     = r * pre / 2^15, rounded to zero
      out   = clamp(round_half_away(p / 2^-e') + zo)             // e' of si / 128 / so
    ```
    It is a function of 8 bits and lowered to a table.
  }];
}

def TFL_LogisticOp : TFL_UnaryOp<"logistic", "float32 float16 bfloat16 qint8 quint8 qint16"> {
  let quantization = [Int8Since<2>, Int16Since<3>, FixedResult<8, -128, 15>, Distinguishes<-65, 53>];
  let summary = "1 / (1 + exp(-in))";
  let description = TFL_TableNote<"1 / (1 + exp(-in))">.text # [{
    The scale of an 8 bit result is 1/256; that of `qint16` is 2^-15, and zero points are 0 there:

    ```
    qint16   (table: sigmoid(i / 24) * 2^16 for i in 0..255; m, s: 3 << l, 0 if si = 2^(l - 12) with l = 0, else
              si * 3 * 2^12 scaled by 2^s until it is above 2^14)
      x   = (in * m + 2^(s-1)) >> s
      u   = |x| >> 9
      y   = u >= 255 ? 0x7fff << 10 : (table[u] << 9) + (|x| & 511) * (table[u + 1] - table[u])
      out = (x >= 0 ? y + 2^9 : 2^25 - y + 2^9 - 1) >> 10
    ```
  }];
}

def TFL_TanhOp : TFL_UnaryOp<"tanh", "float32 float16 bfloat16 qint8 quint8 qint16"> {
  let quantization = [Int8Since<2>, Int16Since<3>, FixedResult<7, 0, 15>, Distinguishes<-32, 28>];
  let summary = "hyperbolic tangent";
  let description = TFL_TableNote<"tanh(in)">.text # [{
    ```
    qint16   (table, m, s as in tfl.logistic, where l may be 0 or 1 and si = 2^(l - 12))
      x   = (in * m + 2^(s-1)) >> s
      u   = |x| >> 8
      y   = u >= 255 ? 0xffff << 8 : (table[u] << 8) + (|x| & 255) * (table[u + 1] - table[u])
      out = (x >= 0 ? y - 2^23 + 2^7 : -y + 2^23 + 2^7 - 1) >> 8
    ```
  }];
}

#endif

//===- UnaryOps.td - elementwise functions of one operand ------*- tablegen -*-===//
//
// Part of tflc, under the Apache License 2.0.
//
//===----------------------------------------------------------------------===//

#ifndef TFLC_TFL_UNARY_OPS
#define TFLC_TFL_UNARY_OPS

include "TFL/IR/ElementwiseBase.td"

class TFL_PlainUnaryOp<string mnemonic, string types, string formula> : TFL_UnaryOp<mnemonic, types> {
  let summary = formula;
  let description = [{
    `out = }] # formula # [{`, integers modulo their width.
  }];
}

/// A function that quantized types compute by a table.
class TFL_TableUnaryOp<string mnemonic, string types, string formula> : TFL_UnaryOp<mnemonic, types> {
  let summary = formula;
  let description = [{
    ```
    float32   out = f(in) = }] # formula # [{

    qint8     by a table of 256 entries, in float
      out = clamp(round(f(si * (in - zi)) * (1 / so)) + zo, type's limits)

    qint16    by a table of 513 entries with linear interpolation (see `tflc::makeTable16`)
      i   = (in >> 7) + 256
      out = table[i] + (((table[i + 1] - table[i]) * (in & 127) + 64) >> 7)
    ```
  }];
}

def TFL_AbsOp : TFL_UnaryOp<"abs", "float32 int16 int32 qint8 qint16"> {
  let quantization = [Int8Since<2>, Int16Since<3>];
  let summary = "|in|";
  let description = [{
    ```
    float32, plain integers   out = |in|
    qint8, qint16             v = |in - zi|
                              out = clamp(rescale<double>(v, si / so in float) + zo, type's limits)
    ```
    Where scales are equal, the rescaling is left out.
  }];
}

def TFL_NegOp : TFL_UnaryOp<"neg", "float32 float16 bfloat16 int8 int16 int32 int64 qint8 qint16"> {
  let summary = "-in";
  let description = [{
    ```
    float, plain integers   out = -in, integers modulo their width
    qint8, qint16           out = clamp(-in + zi + zo, type's limits), for equal scales
    ```
  }];
}

def TFL_SignOp : TFL_PlainUnaryOp<"sign", "float32 float64 int32", "in > 0 ? 1 : in < 0 ? -1 : 0">;
def TFL_SquareOp : TFL_PlainUnaryOp<"square", "float32", "in * in">;
def TFL_SinOp : TFL_PlainUnaryOp<"sin", "float32 float16", "sin(in)">;
def TFL_CosOp : TFL_PlainUnaryOp<"cos", "float32 float16", "cos(in)">;
def TFL_FloorOp : TFL_PlainUnaryOp<"floor", "float32 float16 bfloat16", "floor(in)">;
def TFL_CeilOp : TFL_PlainUnaryOp<"ceil", "float32", "ceil(in)">;
def TFL_RoundOp : TFL_PlainUnaryOp<"round", "float32 float16 bfloat16", "in rounded to the nearest integer, halves to even">;
def TFL_ExpOp : TFL_TableUnaryOp<"exp", "float32 qint8 qint16", "exp(in)"> {
  let quantization = [Int8Since<2>, Int16Since<2>, Interpolates<"std::exp">];
}
def TFL_LogOp : TFL_TableUnaryOp<"log", "float32 qint8 qint16", "log(in)"> {
  let quantization = [Int8Since<2>, Int16Since<2>, Interpolates<"std::log">];
}
def TFL_SqrtOp : TFL_TableUnaryOp<"sqrt", "float32 qint8 qint16", "sqrt(in)"> {
  let quantization = [Int8Since<2>];
}
def TFL_RsqrtOp : TFL_TableUnaryOp<"rsqrt", "float32 qint8 qint16", "1 / sqrt(in)"> {
  let quantization = [Int8Since<2>, Int16Since<3>, Interpolates<"::tflc::tfl::rule::rsqrt">];
}

#endif

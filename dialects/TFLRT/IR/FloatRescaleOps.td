//===- FloatRescaleOps.td - rescaling in float arithmetic ------*- tablegen -*-===//
//
// Part of tflc, under the Apache License 2.0.
//
//===----------------------------------------------------------------------===//

#ifndef TFLC_TFLRT_FLOAT_RESCALE_OPS
#define TFLC_TFLRT_FLOAT_RESCALE_OPS

include "TFLRT/IR/RescaleInterface.td"
include "TFLRT/IR/TFLRTBase.td"
include "mlir/Interfaces/SideEffectInterfaces.td"

def TFLRT_RoundingNearest : I32EnumAttrCase<"Nearest", 0, "nearest">;
def TFLRT_RoundingTruncate : I32EnumAttrCase<"Truncate", 1, "truncate">;
def TFLRT_RealRounding : I32EnumAttr<"RealRounding", "how a float becomes an integer",
    [TFLRT_RoundingNearest, TFLRT_RoundingTruncate]> {
  let cppNamespace = "::tflc::tflrt";
  let genSpecializedAttr = 0;
}
def TFLRT_RealRoundingAttr : EnumAttr<TFLRT_Dialect, TFLRT_RealRounding, "real_rounding"> {
  let assemblyFormat = "`<` $value `>`";
}

def TFLRT_FloatRescaleOp : TFLRT_Op<"float_rescale", !listconcat(ElementwiseMappable.traits, [Pure,
    DeclareOpInterfaceMethods<TFLRT_RescaleInterface>, AttrSizedOperandSegments, AllTypesMatch<["input", "result"]>])> {
  let summary = "multiply an accumulator by a float";
  let description = [{
    In IEEE single precision, where every operation rounds to nearest even:
    ```
    chosen = input < 0 and there is offset_below ? offset_below : offset
    result = round(fma(float(input), scale, chosen)) + base + (number of `raised` that are equal to input)
    ```
    `round` goes to the nearest integer, halves to the even one, or towards zero. Whoever makes the op has proven that it gives the same as
    an integer rescale, once both are clamped (`lib/Quantization/FloatRescale.h`).

    `largest` bounds the magnitude of the results, and `non_decreasing` promises that they do not decrease where the input grows.

    ```mlir
    %y = tflrt.float_rescale %acc, %scale, %offset below %offset_below <nearest> {largest = 70000 : i32} : i32, f32
    ```
  }];
  let arguments = (ins SignlessIntegerLike:$input, FloatLike:$scale, FloatLike:$offset, Optional<FloatLike>:$offset_below,
                       Variadic<SignlessIntegerLike>:$raised, TFLRT_RealRoundingAttr:$rounding,
                       DefaultValuedAttr<I32Attr, "0">:$base, OptionalAttr<I32Attr>:$largest, UnitAttr:$non_decreasing);
  let results = (outs SignlessIntegerLike:$result);
  let assemblyFormat = [{
    $input `,` $scale `,` $offset (`below` $offset_below^ `:` type($offset_below))? (`raised` `(` $raised^ `:` type($raised) `)`)?
    $rounding attr-dict `:` type($input) `,` type($scale) `,` type($offset)
  }];
  let hasVerifier = 1;
}

def TFLRT_FloatSumOp : TFLRT_Op<"float_sum", !listconcat(ElementwiseMappable.traits, [Pure,
    DeclareOpInterfaceMethods<TFLRT_RescaleInterface>, AllTypesMatch<["lhs", "rhs"]>])> {
  let summary = "a rescaled sum of two bytes, in float";
  let description = [{
    In IEEE single precision, where every operation rounds to nearest even:
    ```
    result = nearest(fma(float(lhs), lhs_scale, fma(float(rhs), rhs_scale, offset))) + base
    ```
    `nearest` takes halves to the even integer. Bytes are signed, or unsigned where the attributes say so. Whoever makes the op has tried all pairs
    of bytes (`lib/Quantization/FloatSum.h`).

    ```mlir
    %y = tflrt.float_sum %a, %b {lhs_scale = 0.5 : f32, rhs_scale = 0.25 : f32, offset = 3.0 : f32} : i8 -> i32
    ```
  }];
  let arguments = (ins SignlessIntegerLike:$lhs, SignlessIntegerLike:$rhs, F32Attr:$lhs_scale, F32Attr:$rhs_scale,
                       F32Attr:$offset, DefaultValuedAttr<I32Attr, "0">:$base, UnitAttr:$lhs_unsigned, UnitAttr:$rhs_unsigned);
  let results = (outs SignlessIntegerLike:$result);
  let assemblyFormat = "$lhs `,` $rhs attr-dict `:` type($lhs) `->` type($result)";
  let hasVerifier = 1;
}

#endif

//===- TFLRTOps.td - ops of the tflrt dialect ------------------*- tablegen -*-===//
//
// Part of tflc, under the Apache License 2.0.
//
//===----------------------------------------------------------------------===//

#ifndef TFLC_TFLRT_OPS
#define TFLC_TFLRT_OPS

include "TFLRT/IR/FloatRescaleOps.td"
include "TFLRT/IR/InstructionOps.td"
include "TFLRT/IR/Strategies.td"
include "mlir/IR/SymbolInterfaces.td"
include "mlir/Interfaces/InferTypeOpInterface.td"
include "mlir/Interfaces/SideEffectInterfaces.td"

def TFLRT_RoundingDouble : I32EnumAttrCase<"Double", 0, "double">;
def TFLRT_RoundingSingle : I32EnumAttrCase<"Single", 1, "single">;
def TFLRT_RoundingReduced : I32EnumAttrCase<"Reduced", 2, "reduced">;
def TFLRT_Rounding : I32EnumAttr<"Rounding", "how a rescale rounds",
    [TFLRT_RoundingDouble, TFLRT_RoundingSingle, TFLRT_RoundingReduced]> {
  let cppNamespace = "::tflc::tflrt";
  let genSpecializedAttr = 0;
}
def TFLRT_RoundingAttr : EnumAttr<TFLRT_Dialect, TFLRT_Rounding, "rounding"> {
  let assemblyFormat = "`<` $value `>`";
}

def TFLRT_RescaleOp : TFLRT_Op<"rescale", !listconcat(ElementwiseMappable.traits, [Pure,
    DeclareOpInterfaceMethods<TFLRT_RescaleInterface>, AllTypesMatch<["result", "multiplier"]>])> {
  let summary = "multiply an accumulator by a fixed-point real number";
  let description = [{
    Multiplies `input` by the real number `multiplier * 2^(shift - 31)` and rounds to an integer, bit for
    bit as TensorFlow Lite's kernels do. `multiplier` is zero or in [2^30, 2^31); `shift` is the exponent,
    positive to the left, in [-31, 30] (at most 7 where the input is i64). The result is not clamped to the output type.
    `max_shift`, where it is present, bounds the values of `shift` from above: a promise of the creator for
    shifts that are read from a table, which makes the expansion shorter. So is `max_input`, which bounds the
    magnitude of `input`. `input_ranges` says the same for each entry of the tables that multiplier and shift are read from: the least and the largest input of
    the first one, of the second one, and so on.

    `rounding` names the arithmetic. All of it is on two's complement integers, `>>` is arithmetic:

    ```
    double   (input i32: gemmlowp's two roundings; CONV_2D, DEPTHWISE_CONV_2D, QUANTIZE, ADD, ...)
      left  = max(shift, 0), right = max(-shift, 0)
      x     = i32(input << left)
      high  = x == multiplier == INT32_MIN ? INT32_MAX
            : i32((i64(x) * multiplier + 2^30) >> 31)
      below = high & (2^right - 1)                           // what is shifted out
      result = (high >> right) + (below > ((2^right - 1) >> 1) + (high < 0) ? 1 : 0)

    single   (one rounding; FULLY_CONNECTED; input i32, or i64 within 48 bits, then nothing overflows either)
      total  = 31 - shift
      result = i32((input * multiplier + 2^(total - 1)) >> total)

    reduced  (16 bit multiplier; the kernels with 16 bit activations; input i64, or i32 where the sums are known to fit)
      m      = multiplier < 0x7fff0000 ? (multiplier + 2^15) >> 16 : 0x7fff
      total  = 15 - shift
      result = i32((input * m + 2^(total - 1)) >> total)
    ```

    Example:
    ```mlir
    %y = tflrt.rescale %acc, %m, %s <double> : i32, i8 -> i32
    ```
  }];
  let arguments = (ins SignlessIntegerLike:$input, SignlessIntegerLike:$multiplier,
                       SignlessIntegerLike:$shift, TFLRT_RoundingAttr:$rounding,
                       OptionalAttr<I32Attr>:$max_shift, OptionalAttr<I32Attr>:$max_input,
                       OptionalAttr<DenseI32ArrayAttr>:$input_ranges);
  let results = (outs SignlessIntegerLike:$result);
  let builders = [
    OpBuilder<(ins "::mlir::Value":$input, "::mlir::Value":$multiplier, "::mlir::Value":$shift,
                   "::tflc::tflrt::Rounding":$rounding), [{
      build($_builder, $_state, multiplier.getType(), input, multiplier, shift, rounding, ::mlir::IntegerAttr(), ::mlir::IntegerAttr(), ::mlir::DenseI32ArrayAttr());
    }]>,
    OpBuilder<(ins "::mlir::Type":$result, "::mlir::Value":$input, "::mlir::Value":$multiplier,
                   "::mlir::Value":$shift, "::tflc::tflrt::Rounding":$rounding), [{
      build($_builder, $_state, result, input, multiplier, shift, rounding, ::mlir::IntegerAttr(), ::mlir::IntegerAttr(), ::mlir::DenseI32ArrayAttr());
    }]>
  ];
  let assemblyFormat = "$input `,` $multiplier `,` $shift $rounding attr-dict `:` type($input) `,` type($shift) `->` type($result)";
  let hasFolder = 1;
  let hasVerifier = 1;
}

class TFLRT_WordOp<string mnemonic> : TFLRT_Op<mnemonic, !listconcat(ElementwiseMappable.traits, [Pure,
    SameOperandsAndResultType])> {
  let arguments = (ins TypeOrValueSemanticsContainer<I16, "a 16 bit integer">:$lhs,
                       TypeOrValueSemanticsContainer<I16, "a 16 bit integer">:$rhs);
  let results = (outs TypeOrValueSemanticsContainer<I16, "a 16 bit integer">:$result);
  let assemblyFormat = "$lhs `,` $rhs attr-dict `:` type($result)";
}

def TFLRT_MultiplyHighOp : TFLRT_WordOp<"multiply_high"> {
  let summary = "the upper half of a doubled product of words, rounded";
  let description = [{
    Most vector units have an instruction for it (VPMULHRSW, SQRDMULH, VQRDMULH, VSMUL):
    ```
    result = i16((i32(lhs) * rhs + 2^14) >> 15)
    ```
    Not both may be -2^15: instructions wrap around or saturate then.

    Example:
    ```mlir
    %p = tflrt.multiply_high %a, %b : vector<16xi16>
    ```
  }];
}

def TFLRT_MultiplySignOp : TFLRT_WordOp<"multiply_sign"> {
  let summary = "a word times the sign of another one";
  let description = [{
    x86 has an instruction for it (VPSIGNW):
    ```
    result = rhs < 0 ? -lhs : rhs == 0 ? 0 : lhs    // wraps around
    ```
    Example:
    ```mlir
    %p = tflrt.multiply_sign %a, %b : vector<16xi16>
    ```
  }];
}

def TFLRT_VariableOp : TFLRT_Op<"variable", [Symbol]> {
  let summary = "a tensor that keeps its value from one invocation to the next";
  let description = [{
    Declares state of the model. It lives at the beginning of the caller's arena; `type` is a statically
    shaped tensor of a signless integer or float type. A reset of the model stores `initial_value`,
    or zeros where it is absent.

    ```mlir
    tflrt.variable @counter : tensor<2x3xf32>
    ```
  }];
  let arguments = (ins SymbolNameAttr:$sym_name, TypeAttr:$type, OptionalAttr<ElementsAttr>:$initial_value);
  let assemblyFormat = "$sym_name attr-dict `:` $type (`=` $initial_value^)?";
  let hasVerifier = 1;
}

def TFLRT_ReadVariableOp : TFLRT_Op<"read_variable", [MemoryEffects<[MemRead]>, DeclareOpInterfaceMethods<SymbolUserOpInterface>]> {
  let summary = "the present value of a variable";
  let arguments = (ins FlatSymbolRefAttr:$variable);
  let results = (outs AnyStaticShapeTensor:$result);
  let assemblyFormat = "$variable attr-dict `:` type($result)";
}

def TFLRT_AssignVariableOp : TFLRT_Op<"assign_variable", [MemoryEffects<[MemWrite]>, DeclareOpInterfaceMethods<SymbolUserOpInterface>]> {
  let summary = "replaces the value of a variable";
  let arguments = (ins FlatSymbolRefAttr:$variable, AnyStaticShapeTensor:$value);
  let assemblyFormat = "$variable `,` $value attr-dict `:` type($value)";
}

def TFLRT_GuardOp : TFLRT_Op<"guard", [MemoryEffects<[MemWrite]>]> {
  let summary = "end the invocation unless a status is zero";
  let description = [{
    Ends the invocation with `status` where that is not zero: the entry function returns it, and nothing behind the op
    happens. `result` is `value`; an op that must not run on rejected data uses it instead, so that the order is in the
    IR. On buffers the place of the op in its block is that order, and it has a status alone.

    ```mlir
    %checked = tflrt.guard %status, %indices : tensor<4xi32> -> tensor<4xi32>
    ```
  }];
  let arguments = (ins I32:$status, Optional<AnyRankedTensor>:$value);
  let results = (outs Optional<AnyRankedTensor>:$result);
  let assemblyFormat = "$status (`,` $value^ `:` type($value))? attr-dict (`->` type($result)^)?";
  let hasVerifier = 1;
}

def TFLRT_KernelOp : TFLRT_Op<"kernel", [SingleBlock, NoTerminator, RecursiveMemoryEffects]> {
  let summary = "linalg ops on buffers that run as one loop nest";
  let description = [{
    Holds up to three linalg ops: one that initializes an accumulator, one that reduces into it, and one
    elementwise epilogue that reads it; any of them may be missing. A pooling may follow, a reduction of their
    results over windows that do not overlap, likewise with an initial value and an epilogue. What is allocated
    inside lives in registers. `strategy` says how the nest is made, one attribute for each form (see
    Strategies.td and docs/Scheduling.md); it never changes what is computed. `scratch` is a buffer whose contents
    mean nothing before and after, for strategies that ask for one; it has at least as many elements as they say.
  }];
  let arguments = (ins OptionalAttr<TFLRT_StrategyInterface>:$strategy, Optional<AnyMemRef>:$scratch);
  let regions = (region SizedRegion<1>:$body);
  let assemblyFormat = "($strategy^)? (`scratch` `(` $scratch^ `:` type($scratch) `)`)? attr-dict-with-keyword $body";
  let hasVerifier = 1;
}

def TFLRT_DotOp : TFLRT_Op<"dot", [Pure, AllTypesMatch<["acc", "result"]>]> {
  let summary = "sums of products of neighbouring small integers, lane by lane";
  let description = [{
    With G = elements of `lhs` for each lane of `acc`:
    ```
    result[l] = acc[l] + sum over g in [0, G) of ext(lhs[l * G + g]) * sext(rhs[l * G + g])
    ```
    in two's complement i32; `lhs` is zero-extended when `lhs_unsigned`, sign-extended otherwise. A scalar `acc` is one
    lane. It becomes the target's own instruction (VPDPBUSD, SDOT, VPMADDWD, SMLAD, VMLADAVA, ...), or plain multiplies
    where there is none.

    `any_lane` lets each product join any lane: only the sum of all lanes is used. `small_rhs` promises that no element of
    `rhs` is the least of its type, so that the sum of two products fits twice the width. `small_pairs` promises that the
    sum of the products at 2 i and 2 i + 1 fits twice the width for every i, whatever `lhs` holds.

    ```mlir
    %r = tflrt.dot %acc, %a, %b {lhs_unsigned} : vector<16xi32>, vector<64xi8>
    ```
  }];
  let arguments = (ins AnyTypeOf<[I32, VectorOfAnyRankOf<[I32]>]>:$acc, VectorOfAnyRankOf<[I8, I16]>:$lhs,
                       VectorOfAnyRankOf<[I8, I16]>:$rhs, UnitAttr:$lhs_unsigned,
                       UnitAttr:$any_lane, UnitAttr:$small_rhs, UnitAttr:$small_pairs);
  let results = (outs AnyTypeOf<[I32, VectorOfAnyRankOf<[I32]>]>:$result);
  let assemblyFormat = "$acc `,` $lhs `,` $rhs attr-dict `:` type($acc) `,` type($lhs) `,` type($rhs)";
  let hasVerifier = 1;
}

def TFLRT_LookupOp : TFLRT_Op<"lookup", [Pure, AllTypesMatch<["indices", "result"]>]> {
  let summary = "a function of bytes, lane by lane";
  let description = [{
    `result[l] = table[indices[l]]` with the indices as unsigned bytes and `table`, of 256 bytes, a constant. It
    becomes the target's look-ups in registers (PSHUFB, VPERMI2B, TBL), or loads where there are none.

    ```mlir
    %y = tflrt.lookup %x in [0, 1, ..., -1] : vector<32xi8>
    ```
  }];
  let arguments = (ins VectorOfRankAndType<[1], [I8]>:$indices, DenseI8ArrayAttr:$table);
  let results = (outs VectorOfRankAndType<[1], [I8]>:$result);
  let assemblyFormat = "$indices `in` $table attr-dict `:` type($indices)";
  let hasVerifier = 1;
}

#endif

//===- StablehloOps.td - operators of StableHLO ---------------*- tablegen -*-===//
//
// Part of tflc, under the Apache License 2.0.
//
//===----------------------------------------------------------------------===//

#ifndef TFLC_TFL_STABLEHLO_OPS
#define TFLC_TFL_STABLEHLO_OPS

include "TFL/IR/ElementSets.td"
include "TFL/IR/ElementwiseBase.td"

/// Operands and result have one shape: nothing is broadcast. Stored values count, whatever their scale.
class TFL_StablehloBinaryOp<string mnemonic, string types, string formula>
    : TFL_BinaryOp<"stablehlo_" # mnemonic, types> {
  let summary = "elementwise " # formula;
  let description = [{
    `out = }] # formula # [{` on the stored values, integers modulo their width. Operands and result have one shape.
  }];
  let extraClassDefinition = shapesDefinition # [{
    ::llvm::LogicalResult $cppClass::verify() { return ::tflc::tfl::verifyOneShape(*this, getElementTypes()); }
  }];
}

defvar StablehloInts = "int8 int16 int32 int64 uint8 uint16 uint32 uint64 bool qint8 qint16 qint32 quint8 quint16";
defvar StablehloNumbers = !strconcat("float16 float32 float64 ", StablehloInts);

def TFL_StablehloAddOp : TFL_StablehloBinaryOp<"add", StablehloNumbers, "lhs + rhs (of bools: lhs or rhs)">;
def TFL_StablehloAndOp : TFL_StablehloBinaryOp<"and", StablehloInts, "lhs & rhs">;
def TFL_StablehloMaximumOp : TFL_StablehloBinaryOp<"maximum", StablehloNumbers, "lhs < rhs ? rhs : lhs">;
def TFL_StablehloMinimumOp : TFL_StablehloBinaryOp<"minimum", StablehloNumbers, "rhs < lhs ? rhs : lhs">;
def TFL_StablehloMultiplyOp : TFL_StablehloBinaryOp<"multiply", StablehloNumbers, "lhs * rhs (of bools: lhs and rhs)">;
def TFL_StablehloShiftLeftOp : TFL_StablehloBinaryOp<"shift_left", "int8 int16 int32 qint8 qint16 qint32",
    "lhs << rhs (0 where rhs is not in [0, bits of the type))">;

def TFL_StablehloGatherOp : TFL_Op<"stablehlo_gather", [Pure, TFL_InferShapes]> {
  let summary = "boxes of a tensor picked by index vectors";
  let description = [{
    [gather](https://github.com/openxla/stablehlo/blob/main/docs/spec.md#gather) of StableHLO without batching dimensions. A
    place in the result has batch indices b and, in the dimensions `offset_dims`, offset indices o. The vector
    `start_indices[b]` along `index_vector_dim` gives the start in the dimensions `start_index_map`, 0 in all others; a start
    is moved so that a box of `slice_sizes` lies inside. The element is that of `input` at start plus o, where o has zeros in
    the dimensions `collapsed_slice_dims`.
  }];
  let arguments = (ins TFL_Tensor:$input, TFL_Tensor:$start_indices,
    DefaultValuedAttr<DenseI64ArrayAttr, "{}">:$offset_dims,
    DefaultValuedAttr<DenseI64ArrayAttr, "{}">:$collapsed_slice_dims,
    DefaultValuedAttr<DenseI64ArrayAttr, "{}">:$start_index_map, DefaultValuedAttr<I64Attr, "0">:$index_vector_dim,
    DefaultValuedAttr<DenseI64ArrayAttr, "{}">:$slice_sizes,
    DefaultValuedAttr<BoolAttr, "false">:$indices_are_sorted);
  let results = (outs TFL_Tensor:$output);
  let assemblyFormat = "operands attr-dict `:` functional-type(operands, results)";
  let hasVerifier = 1;
  let extraClassDeclaration = TFL_MovedElements.declaration;
}

def TFL_StablehloScatterOp : TFL_Op<"stablehlo_scatter", [Pure, TFL_InferShapes]> {
  let summary = "boxes written to places that index vectors give";
  let description = [{
    [scatter](https://github.com/openxla/stablehlo/blob/main/docs/spec.md#scatter) of StableHLO without batching dimensions. For each
    place in `updates`, in row-major order: its indices in `update_window_dims` are w, the others s. The vector
    `scatter_indices[s]` along `index_vector_dim` gives the start in the dimensions `scatter_dims_to_operand_dims`, 0 in all others.
    The element of the result at start plus w (w has zeros in `inserted_window_dims`), which begins as that of `input`, becomes
    what the computation makes of it and the update. Places outside of the tensor are left out.

    The computation is a function without operators (the update itself) or with one of STABLEHLO_ADD, _MULTIPLY, _MAXIMUM
    and _MINIMUM, which normalization writes into `computation`.
  }];
  let arguments = (ins TFL_Tensor:$input, TFL_Tensor:$scatter_indices, TFL_Tensor:$updates,
    DefaultValuedAttr<BoolAttr, "false">:$indices_are_sorted,
    DefaultValuedAttr<DenseI64ArrayAttr, "{}">:$update_window_dims,
    DefaultValuedAttr<DenseI64ArrayAttr, "{}">:$inserted_window_dims,
    DefaultValuedAttr<DenseI64ArrayAttr, "{}">:$scatter_dims_to_operand_dims,
    DefaultValuedAttr<I64Attr, "0">:$index_vector_dim, DefaultValuedAttr<BoolAttr, "false">:$unique_indices,
    OptionalAttr<FlatSymbolRefAttr>:$update_computation_subgraph, OptionalAttr<StrAttr>:$computation);
  let results = (outs TFL_Tensor:$output);
  let assemblyFormat = "operands attr-dict `:` functional-type(operands, results)";
  let hasVerifier = 1;
  let extraClassDeclaration = TFL_Elements<StablehloNumbers>.declaration;
}

def TFL_StablehloRngBitGeneratorOp : TFL_Op<"stablehlo_rng_bit_generator", [Pure, TFL_InferShapes]> {
  let summary = "random bits from a counter";
  let description = [{
    `initial_state` holds a key k and a counter c in its first two elements. Block i of the result's bits, as 32-bit words in
    order, is a function of k and c + i; `output_state` is the initial state with c + the number of blocks.

    - `THREEFRY`: Threefry-2x32 with 20 rounds, blocks of two words; a state of two elements.
    - `PHILOX`, `DEFAULT`: Philox-4x32 with 10 rounds, blocks of four words. The upper half of its counter is the
      third element of the state, or k where there is none.

    Both are from Salmon et al., Parallel random numbers: as easy as 1, 2, 3 (SC 2011).
  }];
  let arguments = (ins TFL_Tensor:$initial_state, DefaultValuedAttr<StrAttr, "\"DEFAULT\"">:$algorithm);
  let results = (outs TFL_Tensor:$output_state, TFL_Tensor:$output);
  let assemblyFormat = "operands attr-dict `:` functional-type(operands, results)";
  let hasVerifier = 1;
  let extraClassDeclaration = TFL_Elements<"int32 int64 uint32 uint64">.declaration;
}

def TFL_StablehloCompositeOp : TFL_Op<"stablehlo_composite", [Pure]> {
  let summary = "a named group of operators";
  let description = [{
    The results of the function `decomposition_subgraph`. Normalization puts the function's operators in its place.
  }];
  let arguments = (ins Variadic<TFL_TensorOrNone>:$inputs, OptionalAttr<StrAttr>:$name,
    FlatSymbolRefAttr:$decomposition_subgraph, OptionalAttr<DenseI8ArrayAttr>:$composite_attributes,
    DefaultValuedAttr<StrAttr, "\"FLEXBUFFERS\"">:$composite_attributes_format,
    DefaultValuedAttr<I32Attr, "0">:$version);
  let results = (outs Variadic<TFL_Tensor>:$outputs);
  let assemblyFormat = "operands attr-dict `:` functional-type(operands, results)";
}

#endif

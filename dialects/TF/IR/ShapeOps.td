//===- ShapeOps.td - shapes and order of elements ----------*- tablegen -*-===//
//
// Part of tflc, under the Apache License 2.0.
//
//===----------------------------------------------------------------------===//

#ifndef TFLC_TF_SHAPE_OPS
#define TFLC_TF_SHAPE_OPS

include "TF/IR/TFOpBase.td"

def TF_ReshapeOp : TF_Op<"Reshape"> {
  let arguments = (ins TF_Tensor:$tensor, TF_Tensor:$shape);
  let results = (outs TF_Tensor:$output);
  let hasFolder = 1;
  let hasCanonicalizeMethod = 1;
}
def TF_SqueezeOp : TF_Op<"Squeeze"> {
  let arguments = (ins TF_Tensor:$input, TF_Ints<"{}">:$squeeze_dims);
  let results = (outs TF_Tensor:$output);
  let hasFolder = 1;
  let hasCanonicalizeMethod = 1;
}
def TF_ExpandDimsOp : TF_Op<"ExpandDims"> {
  let arguments = (ins TF_Tensor:$input, TF_Tensor:$dim);
  let results = (outs TF_Tensor:$output);
  let hasFolder = 1;
  let hasCanonicalizeMethod = 1;
}
def TF_ShapeOp : TF_Op<"Shape"> {
  let arguments = (ins TF_Tensor:$input, OptionalAttr<TypeAttr>:$out_type);
  let results = (outs TF_Tensor:$output);
}
def TF_ShapeNOp : TF_InferredOp<"ShapeN"> {
  let arguments = (ins Variadic<TF_Tensor>:$input, OptionalAttr<TypeAttr>:$out_type);
  let results = (outs Variadic<TF_Tensor>:$output);
}
def TF_SizeOp : TF_Op<"Size"> {
  let arguments = (ins TF_Tensor:$input, OptionalAttr<TypeAttr>:$out_type);
  let results = (outs TF_Tensor:$output);
}
def TF_RankOp : TF_Op<"Rank"> {
  let arguments = (ins TF_Tensor:$input);
  let results = (outs TF_Tensor:$output);
}
def TF_TransposeOp : TF_Op<"Transpose"> {
  let arguments = (ins TF_Tensor:$x, TF_Tensor:$perm);
  let results = (outs TF_Tensor:$y);
  let hasFolder = 1;
  let hasCanonicalizeMethod = 1;
}
def TF_InvertPermutationOp : TF_SameTypeOp<"InvertPermutation"> {
  let arguments = (ins TF_Tensor:$x);
  let results = (outs TF_Tensor:$y);
  let hasFolder = 1;
}
def TF_ReverseV2Op : TF_SameTypeOp<"ReverseV2"> {
  let arguments = (ins TF_Tensor:$tensor, TF_Tensor:$axis);
  let results = (outs TF_Tensor:$output);
}
def TF_ReverseSequenceOp : TF_SameTypeOp<"ReverseSequence"> {
  let arguments = (ins TF_Tensor:$input, TF_Tensor:$seq_lengths, I64Attr:$seq_dim, TF_Int<"0">:$batch_dim);
  let results = (outs TF_Tensor:$output);
}
def TF_RollOp : TF_SameTypeOp<"Roll"> {
  let arguments = (ins TF_Tensor:$input, TF_Tensor:$shift, TF_Tensor:$axis);
  let results = (outs TF_Tensor:$output);
}
def TF_TileOp : TF_Op<"Tile"> {
  let arguments = (ins TF_Tensor:$input, TF_Tensor:$multiples);
  let results = (outs TF_Tensor:$output);
}
def TF_BroadcastToOp : TF_Op<"BroadcastTo"> {
  let arguments = (ins TF_Tensor:$input, TF_Tensor:$shape);
  let results = (outs TF_Tensor:$output);
  let hasFolder = 1;
}
def TF_BroadcastArgsOp : TF_Op<"BroadcastArgs"> {
  let arguments = (ins TF_Tensor:$s0, TF_Tensor:$s1);
  let results = (outs TF_Tensor:$r0);
}
def TF_FillOp : TF_Op<"Fill"> {
  let arguments = (ins TF_Tensor:$dims, TF_Tensor:$value);
  let results = (outs TF_Tensor:$output);
  let hasFolder = 1;
}
def TF_EmptyOp : TF_Op<"Empty"> {
  let arguments = (ins TF_Tensor:$shape, TypeAttr:$dtype, TF_Bool<"false">:$init);
  let results = (outs TF_Tensor:$output);
}
def TF_RangeOp : TF_Op<"Range"> {
  let arguments = (ins TF_Tensor:$start, TF_Tensor:$limit, TF_Tensor:$delta);
  let results = (outs TF_Tensor:$output);
  let hasFolder = 1;
}
def TF_LinSpaceOp : TF_Op<"LinSpace"> {
  let arguments = (ins TF_Tensor:$start, TF_Tensor:$stop, TF_Tensor:$num);
  let results = (outs TF_Tensor:$output);
}
def TF_OneHotOp : TF_Op<"OneHot"> {
  let arguments = (ins TF_Tensor:$indices, TF_Tensor:$depth, TF_Tensor:$on_value, TF_Tensor:$off_value,
                       TF_Int<"-1">:$axis);
  let results = (outs TF_Tensor:$output);
}
class TF_PadBase<string mnemonic, dag operands> : TF_Op<mnemonic> {
  let arguments = operands;
  let results = (outs TF_Tensor:$output);
  let extraClassDefinition = compatibleDefinition # singleDefinition # [{
    ::mlir::Type $cppClass::inferType(Adaptor op, ::std::optional<::mlir::Location> location) {
      return ::tflc::tf::inferPad(op.getInput(), op.getPaddings(), location);
    }
    ::mlir::OpFoldResult $cppClass::fold(FoldAdaptor) { return ::tflc::tf::foldPad(*this); }
  }];
  let hasFolder = 1;
}
def TF_PadOp : TF_PadBase<"Pad", (ins TF_Tensor:$input, TF_Tensor:$paddings)>;
def TF_PadV2Op : TF_PadBase<"PadV2", (ins TF_Tensor:$input, TF_Tensor:$paddings, TF_Tensor:$constant_values)>;
def TF_MirrorPadOp : TF_PadBase<"MirrorPad", (ins TF_Tensor:$input, TF_Tensor:$paddings, StrAttr:$mode)>;

class TF_DiagOp<string mnemonic, dag operands> : TF_Op<mnemonic> {
  let arguments = operands;
  let results = (outs TF_Tensor:$output);
}
def TF_MatrixDiagOp : TF_DiagOp<"MatrixDiag", (ins TF_Tensor:$diagonal)>;
def TF_MatrixDiagV2Op
    : TF_DiagOp<"MatrixDiagV2", (ins TF_Tensor:$diagonal, TF_Tensor:$k, TF_Tensor:$num_rows, TF_Tensor:$num_cols,
                                     TF_Tensor:$padding_value)>;
def TF_MatrixDiagV3Op
    : TF_DiagOp<"MatrixDiagV3", (ins TF_Tensor:$diagonal, TF_Tensor:$k, TF_Tensor:$num_rows, TF_Tensor:$num_cols,
                                     TF_Tensor:$padding_value, TF_String<"RIGHT_LEFT">:$align)>;
class TF_SetDiagOp<string mnemonic, dag operands> : TF_SameTypeOp<mnemonic> {
  let arguments = operands;
  let results = (outs TF_Tensor:$output);
}
def TF_MatrixSetDiagOp : TF_SetDiagOp<"MatrixSetDiag", (ins TF_Tensor:$input, TF_Tensor:$diagonal)>;
def TF_MatrixSetDiagV2Op
    : TF_SetDiagOp<"MatrixSetDiagV2", (ins TF_Tensor:$input, TF_Tensor:$diagonal, TF_Tensor:$k)>;
def TF_MatrixSetDiagV3Op
    : TF_SetDiagOp<"MatrixSetDiagV3", (ins TF_Tensor:$input, TF_Tensor:$diagonal, TF_Tensor:$k,
                                           TF_String<"RIGHT_LEFT">:$align)>;
def TF_MatrixBandPartOp : TF_SameTypeOp<"MatrixBandPart"> {
  let arguments = (ins TF_Tensor:$input, TF_Tensor:$num_lower, TF_Tensor:$num_upper);
  let results = (outs TF_Tensor:$band);
}

#endif

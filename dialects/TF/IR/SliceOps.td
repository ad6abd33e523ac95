//===- SliceOps.td - parts and joins of tensors ------------*- tablegen -*-===//
//
// Part of tflc, under the Apache License 2.0.
//
//===----------------------------------------------------------------------===//

#ifndef TFLC_TF_SLICE_OPS
#define TFLC_TF_SLICE_OPS

include "TF/IR/TFOpBase.td"

def TF_ConcatOp : TF_Op<"Concat"> {
  let arguments = (ins TF_Tensor:$concat_dim, Variadic<TF_Tensor>:$values);
  let results = (outs TF_Tensor:$output);
}
def TF_ConcatV2Op : TF_Op<"ConcatV2"> {
  let arguments = (ins Variadic<TF_Tensor>:$values, TF_Tensor:$axis);
  let results = (outs TF_Tensor:$output);
  let hasFolder = 1;
}
def TF_ConcatOffsetOp : TF_InferredOp<"ConcatOffset"> {
  let arguments = (ins TF_Tensor:$concat_dim, Variadic<TF_Tensor>:$shape);
  let results = (outs Variadic<TF_Tensor>:$offset);
}
def TF_PackOp : TF_Op<"Pack"> {
  let arguments = (ins Variadic<TF_Tensor>:$values, TF_Int<"0">:$axis);
  let results = (outs TF_Tensor:$output);
  let hasFolder = 1;
}
def TF_UnpackOp : TF_PlainOp<"Unpack", [Pure]> {
  let arguments = (ins TF_Tensor:$value, TF_Int<"0">:$axis);
  let results = (outs Variadic<TF_Tensor>:$output);
}
def TF_SplitOp : TF_PlainOp<"Split", [Pure]> {
  let arguments = (ins TF_Tensor:$split_dim, TF_Tensor:$value);
  let results = (outs Variadic<TF_Tensor>:$output);
}
def TF_SplitVOp : TF_PlainOp<"SplitV", [Pure]> {
  let arguments = (ins TF_Tensor:$value, TF_Tensor:$size_splits, TF_Tensor:$split_dim);
  let results = (outs Variadic<TF_Tensor>:$output);
}
def TF_SliceOp : TF_Op<"Slice"> {
  let arguments = (ins TF_Tensor:$input, TF_Tensor:$begin, TF_Tensor:$size);
  let results = (outs TF_Tensor:$output);
  let hasFolder = 1;
}
def TF_StridedSliceOp : TF_Op<"StridedSlice"> {
  let arguments = (ins TF_Tensor:$input, TF_Tensor:$begin, TF_Tensor:$end, TF_Tensor:$strides,
                       TF_Int<"0">:$begin_mask, TF_Int<"0">:$end_mask, TF_Int<"0">:$ellipsis_mask,
                       TF_Int<"0">:$new_axis_mask, TF_Int<"0">:$shrink_axis_mask);
  let results = (outs TF_Tensor:$output);
  let hasFolder = 1;
}
def TF_TensorStridedSliceUpdateOp : TF_SameTypeOp<"TensorStridedSliceUpdate"> {
  let arguments = (ins TF_Tensor:$input, TF_Tensor:$begin, TF_Tensor:$end, TF_Tensor:$strides, TF_Tensor:$value,
                       TF_Int<"0">:$begin_mask, TF_Int<"0">:$end_mask, TF_Int<"0">:$ellipsis_mask,
                       TF_Int<"0">:$new_axis_mask, TF_Int<"0">:$shrink_axis_mask);
  let results = (outs TF_Tensor:$output);
}
def TF_XlaDynamicUpdateSliceOp : TF_SameTypeOp<"XlaDynamicUpdateSlice"> {
  let arguments = (ins TF_Tensor:$input, TF_Tensor:$update, TF_Tensor:$indices);
  let results = (outs TF_Tensor:$output);
}
def TF_GatherOp : TF_Op<"Gather"> {
  let arguments = (ins TF_Tensor:$params, TF_Tensor:$indices);
  let results = (outs TF_Tensor:$output);
}
def TF_GatherV2Op : TF_Op<"GatherV2"> {
  let arguments = (ins TF_Tensor:$params, TF_Tensor:$indices, TF_Tensor:$axis, TF_Int<"0">:$batch_dims);
  let results = (outs TF_Tensor:$output);
  let hasFolder = 1;
}
def TF_GatherNdOp : TF_Op<"GatherNd"> {
  let arguments = (ins TF_Tensor:$params, TF_Tensor:$indices);
  let results = (outs TF_Tensor:$output);
}
def TF_ScatterNdOp : TF_Op<"ScatterNd"> {
  let arguments = (ins TF_Tensor:$indices, TF_Tensor:$updates, TF_Tensor:$shape);
  let results = (outs TF_Tensor:$output);
}
class TF_TensorScatterOp<string mnemonic> : TF_SameTypeOp<mnemonic> {
  let arguments = (ins TF_Tensor:$tensor, TF_Tensor:$indices, TF_Tensor:$updates);
  let results = (outs TF_Tensor:$output);
}
def TF_TensorScatterAddOp : TF_TensorScatterOp<"TensorScatterAdd">;
def TF_TensorScatterMaxOp : TF_TensorScatterOp<"TensorScatterMax">;
def TF_TensorScatterMinOp : TF_TensorScatterOp<"TensorScatterMin">;
def TF_TensorScatterSubOp : TF_TensorScatterOp<"TensorScatterSub">;
def TF_TensorScatterUpdateOp : TF_TensorScatterOp<"TensorScatterUpdate">;
def TF_WhereOp : TF_Op<"Where"> {
  let arguments = (ins TF_Tensor:$condition);
  let results = (outs TF_Tensor:$index);
}
def TF_SparseToDenseOp : TF_Op<"SparseToDense"> {
  let arguments = (ins TF_Tensor:$sparse_indices, TF_Tensor:$output_shape, TF_Tensor:$sparse_values,
                       TF_Tensor:$default_value, TF_Bool<"true">:$validate_indices);
  let results = (outs TF_Tensor:$dense);
}
def TF_DynamicStitchOp : TF_PlainOp<"DynamicStitch", [Pure]> {
  let arguments = (ins Variadic<TF_Tensor>:$inputs);
  let results = (outs TF_Tensor:$merged);
}

#endif

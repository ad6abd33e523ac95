//===- ElementwiseOps.td - elementwise, of other forms -----*- tablegen -*-===//
//
// Part of tflc, under the Apache License 2.0.
//
//===----------------------------------------------------------------------===//

#ifndef TFLC_TF_ELEMENTWISE_OPS
#define TFLC_TF_ELEMENTWISE_OPS

include "TF/IR/TFOpBase.td"

def TF_LeakyReluOp : TF_SameTypeOp<"LeakyRelu"> {
  let arguments = (ins TF_Tensor:$features, TF_Float<"0.2f">:$alpha);
  let results = (outs TF_Tensor:$activations);
}
def TF_BiasAddOp : TF_SameTypeOp<"BiasAdd"> {
  let arguments = (ins TF_Tensor:$value, TF_Tensor:$bias, TF_String<"NHWC">:$data_format);
  let results = (outs TF_Tensor:$output);
}
def TF_ClipByValueOp : TF_SameTypeOp<"ClipByValue"> {
  let arguments = (ins TF_Tensor:$t, TF_Tensor:$clip_value_min, TF_Tensor:$clip_value_max);
  let results = (outs TF_Tensor:$output);
}
def TF_AddNOp : TF_Op<"AddN"> {
  let arguments = (ins Variadic<TF_Tensor>:$inputs);
  let results = (outs TF_Tensor:$sum);
}
def TF_CastOp : TF_Op<"Cast"> {
  let arguments = (ins TF_Tensor:$x, TypeAttr:$DstT, TF_Bool<"false">:$Truncate);
  let results = (outs TF_Tensor:$y);
  let hasFolder = 1;
}
def TF_BitcastOp : TF_Op<"Bitcast"> {
  let arguments = (ins TF_Tensor:$input, TypeAttr:$type);
  let results = (outs TF_Tensor:$output);
}

/// The condition of SELECT may also be a vector that picks whole rows.
def TF_SelectOp : TF_Op<"Select"> {
  let arguments = (ins TF_Tensor:$condition, TF_Tensor:$t, TF_Tensor:$e);
  let results = (outs TF_Tensor:$output);
}
def TF_SelectV2Op : TF_Op<"SelectV2"> {
  let arguments = (ins TF_Tensor:$condition, TF_Tensor:$t, TF_Tensor:$e);
  let results = (outs TF_Tensor:$output);
  let hasFolder = 1;
}

#endif

//===- ConstantOps.td - constants --------------------------*- tablegen -*-===//
//
// Part of tflc, under the Apache License 2.0.
//
//===----------------------------------------------------------------------===//

#ifndef TFLC_TF_CONSTANT_OPS
#define TFLC_TF_CONSTANT_OPS

include "TF/IR/TFOpBase.td"

def TF_ConstOp : TF_Op<"Const", [Pure, ConstantLike]> {
  let summary = "a tensor whose values are known";
  let arguments = (ins ElementsAttr:$value);
  let results = (outs TF_Tensor:$output);
  let assemblyFormat = "$value attr-dict `->` type($output)";
  let hasFolder = 1;
}

#endif

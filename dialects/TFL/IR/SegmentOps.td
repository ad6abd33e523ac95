//===- SegmentOps.td - rows combined by segment ---------------*- tablegen -*-===//
//
// Part of tflc, under the Apache License 2.0.
//
//===----------------------------------------------------------------------===//

#ifndef TFLC_TFL_SEGMENT_OPS
#define TFLC_TFL_SEGMENT_OPS

include "TFL/IR/TFLOpBase.td"

class TFL_SegmentOp<string mnemonic> : TFL_Op<mnemonic, [Pure, TFL_InferShapes]> {
  let results = (outs TFL_Tensor:$output);
  let assemblyFormat = "operands attr-dict `:` functional-type(operands, results)";
  let hasVerifier = 1;
  let extraClassDeclaration = [{
    static ::llvm::StringRef getElementTypes() { return "float32 int32"; }
  }];
}

def TFL_SegmentSumOp : TFL_SegmentOp<"segment_sum"> {
  let summary = "sums of neighbouring rows";
  let description = [{
    `out[s, p...]` is the sum of `input[i, p...]` over all i with `segment_ids[i] == s`, integers modulo their width. The
    ids begin with 0, and each is that before it or one more; the result has one row more than the last id. Other ids are
    an error of the invocation.

    ```mlir
    %ids = tfl.const dense<[0, 0, 1]> : tensor<3xi32> -> tensor<3xi32>
    %y = tfl.segment_sum %x, %ids : (tensor<3x4xf32>, tensor<3xi32>) -> tensor<2x4xf32>
    ```
  }];
  let arguments = (ins TFL_Tensor:$input, TFL_Tensor:$segment_ids);
}

/// `formula` combines `a`, which starts at `initial`, with the element `x`.
class TFL_UnsortedSegmentOp<string mnemonic, string initial, string formula> : TFL_SegmentOp<mnemonic> {
  let summary = "rows combined by segment";
  let description = [{
    The shape of `segment_ids` is a prefix of that of `input`. For all i in row-major order,
    `out[segment_ids[i...], p...] = combine(out[segment_ids[i...], p...], input[i..., p...])`, from a tensor with
    `num_segments` rows of }] # initial # [{, where `combine(a, x) = }] # formula # [{`. Rows with a negative id are left
    out; an id of `num_segments` or more is an error of the invocation.
  }];
  let arguments = (ins TFL_Tensor:$input, TFL_Tensor:$segment_ids, TFL_Tensor:$num_segments);
}

def TFL_UnsortedSegmentMaxOp : TFL_UnsortedSegmentOp<"unsorted_segment_max", "the type's lowest finite value",
    "a < x ? x : a">;
def TFL_UnsortedSegmentMinOp : TFL_UnsortedSegmentOp<"unsorted_segment_min", "the type's largest finite value",
    "x < a ? x : a">;
def TFL_UnsortedSegmentProdOp : TFL_UnsortedSegmentOp<"unsorted_segment_prod", "ones", "a * x">;
def TFL_UnsortedSegmentSumOp : TFL_UnsortedSegmentOp<"unsorted_segment_sum", "zeros", "a + x">;

#endif

//===- SearchOps.td - elements found in a tensor -----------*- tablegen -*-===//
//
// Part of tflc, under the Apache License 2.0.
//
//===----------------------------------------------------------------------===//

#ifndef TFLC_TFL_SEARCH_OPS
#define TFLC_TFL_SEARCH_OPS

include "TFL/IR/TFLOpBase.td"

def TFL_TopkV2Op : TFL_Op<"topk_v2", [Pure, TFL_InferShapes]> {
  let quantization = [Int8Since<2>, SameScale];
  let summary = "the largest elements of each row, in order";
  let description = [{
    A row is the last dimension. `output[r, j]` is the j-th largest element of row r for j below `k`, and
    `output[r, j] = input[r, indices[r, j]]`; of equal elements the one with the lower index comes first. `k` is
    a scalar in [0, size of a row]. Where a row holds NaN its order is not defined.

    ```mlir
    %v, %i = tfl.topk_v2 %x, %k : (tensor<4x9xf32>, tensor<i32>) -> (tensor<4x3xf32>, tensor<4x3xi32>)
    ```
  }];
  let arguments = (ins TFL_Tensor:$input, TFL_Tensor:$k);
  let results = (outs TFL_Tensor:$output, TFL_Tensor:$indices);
  let assemblyFormat = "operands attr-dict `:` functional-type(operands, results)";
  let hasVerifier = 1;
}

def TFL_UniqueOp : TFL_Op<"unique", [Pure, TFL_InferShapes]> {
  let summary = "the different elements of a vector";
  let description = [{
    `output` holds each value of the vector `input` once, in the order in which the values first appear, and
    `input[i] = output[indices[i]]`. How many there are shows when the model runs; they are no more than the input's
    elements.

    ```mlir
    %u, %i = tfl.unique %x {idx_out_type = "INT32"} : (tensor<9xf32>) -> (tensor<?xf32>, tensor<9xi32>)
    ```
  }];
  let arguments = (ins TFL_Tensor:$input, DefaultValuedAttr<StrAttr, "\"INT32\"">:$idx_out_type);
  let results = (outs TFL_Tensor:$output, TFL_Tensor:$indices);
  let assemblyFormat = "operands attr-dict `:` functional-type(operands, results)";
  let hasVerifier = 1;
}

def TFL_WhereOp : TFL_Op<"where", [Pure, TFL_InferShapes]> {
  let summary = "the places of the elements that are not zero";
  let description = [{
    Row i of the result holds the place of the i-th element of `condition`, in row-major order, that is not zero: one
    int64 for each dimension. How many rows there are shows when the model runs; they are no more than the elements of
    the condition.

    ```mlir
    %places = tfl.where %x : (tensor<4x9xi1>) -> tensor<?x2xi64>
    ```
  }];
  let arguments = (ins TFL_Tensor:$condition);
  let results = (outs TFL_Tensor:$output);
  let assemblyFormat = "operands attr-dict `:` functional-type(operands, results)";
  let hasVerifier = 1;
}

#endif

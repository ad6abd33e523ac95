//===- SliceOps.td - parts of a tensor ---------------------*- tablegen -*-===//
//
// Part of tflc, under the Apache License 2.0.
//
//===----------------------------------------------------------------------===//

#ifndef TFLC_TFL_SLICE_OPS
#define TFLC_TFL_SLICE_OPS

include "TFL/IR/ElementSets.td"
include "TFL/IR/ShapeArithmetic.td"
include "TFL/IR/TFLOpBase.td"

def TFL_SliceOp : TFL_Op<"slice", [Pure, TFL_InferShapes, TFL_ComputesShapes]> {
  let quantization = [Int8Since<2>, Int16Since<4>, Picks];
  let summary = "a box of a tensor";
  let description = [{
    The elements from `begin` on, `size` of them in each dimension; -1 means all that are left. Both are vectors with
    one element for each dimension of `input`.

    ```mlir
    %y = tfl.slice %x, %begin, %size : (tensor<4x4xf32>, tensor<2xi32>, tensor<2xi32>) -> tensor<2x3xf32>
    ```
  }];
  let arguments = (ins TFL_Tensor:$input, TFL_Tensor:$begin, TFL_Tensor:$size);
  let results = (outs TFL_Tensor:$output);
  let assemblyFormat = "operands attr-dict `:` functional-type(operands, results)";
  let hasVerifier = 1;
  let extraClassDeclaration = TFL_MovedElements.declaration;
}

def TFL_StridedSliceOp : TFL_Op<"strided_slice", [Pure, TFL_InferShapes, TFL_ComputesShapes]> {
  let quantization = [Int8Since<2>, Int16Since<2>, Picks, Follows];
  let summary = "every n-th element of a box of a tensor";
  let description = [{
    `begin`, `end` and `strides` have one entry for each item of a Python index expression such as
    `x[1:5:2, ..., newaxis, 3, ::-1]`; bit i of a mask speaks of entry i:

    - `begin_mask`, `end_mask`: the bound is absent, the slice begins or ends where the dimension does (which end, the
      sign of the stride says);
    - `ellipsis_mask`: the entry stands for as many whole dimensions as no other entry takes; at most one bit;
    - `new_axis_mask`: the entry takes no dimension of the input and gives one of size one;
    - `shrink_axis_mask`: the entry is an index: the element at `begin`, and the dimension vanishes.

    Negative bounds count from the end; bounds outside of the dimension move to its ends. Dimensions without an entry
    are taken whole. With `offset`, `end` is relative to `begin`. A stride of zero is an error. The first mask in the order ellipsis, new axis,
    shrink decides where several have a bit.

    ```mlir
    %y = tfl.strided_slice %x, %b, %e, %s {begin_mask = 0 : i32, end_mask = 1 : i32, ellipsis_mask = 0 : i32,
      new_axis_mask = 0 : i32, shrink_axis_mask = 2 : i32, offset = false}
      : (tensor<4x4xf32>, tensor<2xi32>, tensor<2xi32>, tensor<2xi32>) -> tensor<4xf32>
    ```
  }];
  let arguments = (ins TFL_Tensor:$input, TFL_Tensor:$begin, TFL_Tensor:$end, TFL_Tensor:$strides,
    I32Attr:$begin_mask, I32Attr:$end_mask, I32Attr:$ellipsis_mask, I32Attr:$new_axis_mask,
    I32Attr:$shrink_axis_mask, DefaultValuedAttr<BoolAttr, "false">:$offset);
  let results = (outs TFL_Tensor:$output);
  let assemblyFormat = "operands attr-dict `:` functional-type(operands, results)";
  let hasVerifier = 1;
  let extraClassDeclaration = TFL_MovedElements.declaration;
}

def TFL_SplitOp : TFL_Op<"split", [Pure, TFL_InferShapes, TFL_ComputesShapes]> {
  let quantization = [Int8Since<2>, Int16Since<4>, Picks];
  let summary = "cuts a dimension into parts of one size";
  let description = [{
    The dimension `axis`, counted from the end where it is negative, has `num_splits` times the size of a part.

    ```mlir
    %y:2 = tfl.split %axis, %x {num_splits = 2 : i32} : (tensor<i32>, tensor<4x3xf32>) -> (tensor<2x3xf32>, tensor<2x3xf32>)
    ```
  }];
  let arguments = (ins TFL_Tensor:$axis, TFL_Tensor:$input, I32Attr:$num_splits);
  let results = (outs Variadic<TFL_Tensor>:$outputs);
  let assemblyFormat = "operands attr-dict `:` functional-type(operands, results)";
  let hasVerifier = 1;
  let extraClassDeclaration = TFL_MovedElements.declaration;
}

def TFL_SplitVOp : TFL_Op<"split_v", [Pure, TFL_InferShapes, TFL_ComputesShapes]> {
  let quantization = [Int8Since<2>, Int16Since<2>, Picks];
  let summary = "cuts a dimension into parts of given sizes";
  let description = [{
    `size_splits` has the size of each part; one of them may be -1, it takes what the others leave.
    Together they have the size of the dimension `axis`.

    ```mlir
    %y:2 = tfl.split_v %x, %sizes, %axis {num_splits = 2 : i32}
      : (tensor<4x3xf32>, tensor<2xi32>, tensor<i32>) -> (tensor<1x3xf32>, tensor<3x3xf32>)
    ```
  }];
  let arguments = (ins TFL_Tensor:$input, TFL_Tensor:$size_splits, TFL_Tensor:$axis, I32Attr:$num_splits);
  let results = (outs Variadic<TFL_Tensor>:$outputs);
  let assemblyFormat = "operands attr-dict `:` functional-type(operands, results)";
  let hasVerifier = 1;
  let extraClassDeclaration = TFL_MovedElements.declaration;
}

def TFL_UnpackOp : TFL_Op<"unpack", [Pure, TFL_InferShapes, TFL_ComputesShapes]> {
  let quantization = [Int8Since<2>, Int16Since<4>, Picks];
  let summary = "the slices of a dimension, without it";
  let description = [{
    ```mlir
    %y:2 = tfl.unpack %x {num = 2 : i32, axis = 0 : i32} : (tensor<2x3xf32>) -> (tensor<3xf32>, tensor<3xf32>)
    ```
  }];
  let arguments = (ins TFL_Tensor:$input, I32Attr:$num, DefaultValuedAttr<I32Attr, "0">:$axis);
  let results = (outs Variadic<TFL_Tensor>:$outputs);
  let assemblyFormat = "operands attr-dict `:` functional-type(operands, results)";
  let hasVerifier = 1;
  let extraClassDeclaration = TFL_MovedElements.declaration;
}

#endif

//===- ReshapeOps.td - the same elements in another shape --*- tablegen -*-===//
//
// Part of tflc, under the Apache License 2.0.
//
//===----------------------------------------------------------------------===//

#ifndef TFLC_TFL_RESHAPE_OPS
#define TFLC_TFL_RESHAPE_OPS

include "TFL/IR/ElementSets.td"
include "TFL/IR/ShapeArithmetic.td"
include "TFL/IR/TFLOpBase.td"

def TFL_ReshapeOp : TFL_Op<"reshape", [Pure, TFL_InferShapes, TFL_ComputesShapes]> {
  let quantization = [Int8Since<1>, Int16Since<1>, Picks, Follows];
  let summary = "the same elements, in order, in another shape";
  let description = [{
    The new shape is the value of the operand `shape` where that is a vector, otherwise `new_shape`. At most one
    dimension is -1: it takes what the others leave of the number of elements. A `new_shape` of one zero is a scalar.
    Input and result have the same element type and quantization.

    ```mlir
    %y = tfl.reshape %x, %shape : (tensor<2x3xf32>, tensor<1xi32>) -> tensor<6xf32>
    ```
  }];
  let arguments = (ins TFL_Tensor:$input, Optional<TFL_Tensor>:$shape, OptionalAttr<DenseI32ArrayAttr>:$new_shape);
  let results = (outs TFL_Tensor:$output);
  let assemblyFormat = "operands attr-dict `:` functional-type(operands, results)";
  let hasVerifier = 1;
  let hasFolder = 1;
  let hasCanonicalizer = 1;
  let extraClassDeclaration = TFL_MovedElements.declaration;
}

def TFL_SqueezeOp : TFL_Op<"squeeze", [Pure, TFL_InferShapes, TFL_ComputesShapes]> {
  let quantization = [Int8Since<1>, Int16Since<1>, Picks, Follows];
  let summary = "drops dimensions of size one";
  let description = [{
    Drops the dimensions that `squeeze_dims` names, counted from the end where negative, or all dimensions of size one
    where it is empty.

    ```mlir
    %y = tfl.squeeze %x {squeeze_dims = array<i32: 0>} : (tensor<1x3xf32>) -> tensor<3xf32>
    ```
  }];
  let arguments = (ins TFL_Tensor:$input, OptionalAttr<DenseI32ArrayAttr>:$squeeze_dims);
  let results = (outs TFL_Tensor:$output);
  let assemblyFormat = "operands attr-dict `:` functional-type(operands, results)";
  let hasVerifier = 1;
  let hasFolder = 1;
  let extraClassDeclaration = TFL_MovedElements.declaration;
}

def TFL_ExpandDimsOp : TFL_Op<"expand_dims", [Pure, TFL_InferShapes, TFL_ComputesShapes]> {
  let quantization = [Int8Since<1>, Int16Since<1>, Picks, Follows];
  let summary = "inserts a dimension of size one";
  let description = [{
    The result has one more dimension, at place `axis` of the result; counted from the result's end where negative.

    ```mlir
    %y = tfl.expand_dims %x, %axis : (tensor<3xf32>, tensor<i32>) -> tensor<1x3xf32>
    ```
  }];
  let arguments = (ins TFL_Tensor:$input, TFL_Tensor:$axis);
  let results = (outs TFL_Tensor:$output);
  let assemblyFormat = "operands attr-dict `:` functional-type(operands, results)";
  let hasVerifier = 1;
  let extraClassDeclaration = TFL_MovedElements.declaration;
}

def TFL_ShapeOp : TFL_Op<"shape", [Pure, TFL_InferShapes, TFL_ComputesShapes]> {
  let quantization = [Int8Since<1>, Int16Since<1>, ShapeOnly];
  let summary = "the sizes of a tensor as a vector";
  let description = [{
    ```mlir
    %y = tfl.shape %x {out_type = "INT32"} : (tensor<2x3xf32>) -> tensor<2xi32>
    ```
  }];
  let arguments = (ins TFL_Tensor:$input, DefaultValuedAttr<StrAttr, "\"INT32\"">:$out_type);
  let results = (outs TFL_Tensor:$output);
  let assemblyFormat = "operands attr-dict `:` functional-type(operands, results)";
  let hasVerifier = 1;
  let hasFolder = 1;
  let extraClassDeclaration = TFL_MovedElements.declaration;
}

def TFL_RankOp : TFL_Op<"rank", [Pure, TFL_InferShapes, TFL_ComputesShapes]> {
  let quantization = [Int8Since<1>, Int16Since<1>, ShapeOnly];
  let summary = "the number of dimensions of a tensor";
  let arguments = (ins TFL_Tensor:$input);
  let results = (outs TFL_Tensor:$output);
  let assemblyFormat = "operands attr-dict `:` functional-type(operands, results)";
  let hasVerifier = 1;
  let hasFolder = 1;
  let extraClassDeclaration = TFL_MovedElements.declaration;
}

def TFL_DensifyOp : TFL_Op<"densify", [Pure, TFL_InferShapes]> {
  let summary = "all elements of a sparse constant";
  let description = [{
    The importer has written out the elements of sparse constants already, so this is the identity. The constant's
    attribute `sparsity` tells how the file stores it.
  }];
  let arguments = (ins TFL_Tensor:$input);
  let results = (outs TFL_Tensor:$output);
  let assemblyFormat = "operands attr-dict `:` functional-type(operands, results)";
  let hasVerifier = 1;
  let hasFolder = 1;
  let extraClassDeclaration = TFL_MovedElements.declaration;
}

#endif

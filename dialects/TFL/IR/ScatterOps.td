//===- ScatterOps.td - elements put in places that data give --*- tablegen -*-===//
//
// Part of tflc, under the Apache License 2.0.
//
//===----------------------------------------------------------------------===//

#ifndef TFLC_TFL_SCATTER_OPS
#define TFLC_TFL_SCATTER_OPS

include "TFL/IR/ElementSets.td"
include "TFL/IR/TFLOpBase.td"

/// `types` are the element types of what is written, as in TFL_ElementwiseOp.
class TFL_ScatterLikeOp<string mnemonic, string types> : TFL_Op<mnemonic, [Pure, TFL_InferShapes]> {
  let results = (outs TFL_Tensor:$output);
  let assemblyFormat = "operands attr-dict `:` functional-type(operands, results)";
  let hasVerifier = 1;
  let extraClassDeclaration = [{
    static ::llvm::StringRef getElementTypes() { return "}] # types # [{"; }
  }];
}

def TFL_ScatterNdOp : TFL_ScatterLikeOp<"scatter_nd", "float32 int8 int32 int64 uint8 bool qint8 quint8 qint32"> {
  let quantization = [Int8Since<1>, SameScale, ZeroPointZero];
  let summary = "slices added up in a tensor of zeros";
  let description = [{
    The last dimension of `indices` holds positions in the first dimensions of the result, whose shape is the vector
    `shape`: from zeros, `out[indices[i..., 0], indices[i..., 1], ..., p...] += updates[i..., p...]` for all i in row-major
    order, on the stored values. Integers wrap around, sums of bools are true where one of them is. An index outside of
    its dimension is an error of the invocation.

    ```mlir
    %y = tfl.scatter_nd %i, %u, %shape : (tensor<4x1xi32>, tensor<4x3xf32>, tensor<2xi32>) -> tensor<8x3xf32>
    ```
  }];
  let arguments = (ins TFL_Tensor:$indices, TFL_Tensor:$updates, TFL_Tensor:$shape);
}

def TFL_SparseToDenseOp : TFL_ScatterLikeOp<"sparse_to_dense", "float32 int8 int32 int64 uint8 qint8 quint8 qint32"> {
  let summary = "values at given places, a default elsewhere";
  let description = [{
    The result, whose shape is the vector `shape`, holds `default_value` but at the places that `indices` gives: a
    scalar or a vector of places in a vector, or a matrix with a row of up to four indices for each place. `values` is
    a scalar, or has one element for each place; the last one of those at one place stays. An index outside of its
    dimension is an error of the invocation.
  }];
  let arguments = (ins TFL_Tensor:$indices, TFL_Tensor:$shape, TFL_Tensor:$values, TFL_Tensor:$default_value,
    DefaultValuedAttr<BoolAttr, "false">:$validate_indices);
}

def TFL_DynamicUpdateSliceOp : TFL_Op<"dynamic_update_slice", [Pure, TFL_InferShapes]> {
  let quantization = [Int8Since<1>, Picks];
  let summary = "a tensor with a box of it replaced";
  let description = [{
    `operand` with `update` from the indices `start_indices` on, which are first moved so that the whole of `update` lies
    inside: `start = min(max(start_indices, 0), operand sizes - update sizes)`.

    ```mlir
    %y = tfl.dynamic_update_slice %x, %u, %at : (tensor<4x4xf32>, tensor<2x4xf32>, tensor<2xi32>) -> tensor<4x4xf32>
    ```
  }];
  let arguments = (ins TFL_Tensor:$operand, TFL_Tensor:$update, TFL_Tensor:$start_indices);
  let results = (outs TFL_Tensor:$output);
  let assemblyFormat = "operands attr-dict `:` functional-type(operands, results)";
  let hasVerifier = 1;
  let extraClassDeclaration = TFL_MovedElements.declaration;
}

#endif

//===- RepeatOps.td - elements picked and repeated ---------*- tablegen -*-===//
//
// Part of tflc, under the Apache License 2.0.
//
//===----------------------------------------------------------------------===//

#ifndef TFLC_TFL_REPEAT_OPS
#define TFLC_TFL_REPEAT_OPS

include "TFL/IR/ElementSets.td"
include "TFL/IR/MultiplyAccumulate.td"
include "TFL/IR/ShapeArithmetic.td"
include "TFL/IR/TFLOpBase.td"

def TFL_GatherOp : TFL_Op<"gather", [Pure, TFL_InferShapes, TFL_ComputesShapes]> {
  let quantization = [Int8Since<2>, Int16Since<4>, Picks, Table<0>];
  let summary = "slices of a tensor picked by index";
  let description = [{
    With B = `batch_dims` leading dimensions in common and `axis` in the input (both counted from the end where
    negative): `out[b..., o..., i..., p...] = in[b..., o..., indices[b..., i...], p...]`, where o are the dimensions of the
    input between B and `axis` and p those after it. An index outside of the dimension never reads outside of the
    tensor.

    ```mlir
    %y = tfl.gather %x, %i {axis = 0 : i32, batch_dims = 0 : i32} : (tensor<9x3xf32>, tensor<4xi32>) -> tensor<4x3xf32>
    ```
  }];
  let arguments = (ins TFL_Tensor:$input, TFL_Tensor:$indices, DefaultValuedAttr<I32Attr, "0">:$axis,
    DefaultValuedAttr<I32Attr, "0">:$batch_dims);
  let results = (outs TFL_Tensor:$output);
  let assemblyFormat = "operands attr-dict `:` functional-type(operands, results)";
  let hasVerifier = 1;
  let extraClassDeclaration = TFL_MovedElements.declaration;
}

def TFL_GatherNdOp : TFL_Op<"gather_nd", [Pure, TFL_InferShapes]> {
  let quantization = [Int8Since<1>, Int16Since<3>, Picks];
  let summary = "slices of a tensor picked by index vectors";
  let description = [{
    The last dimension of `indices` holds positions in the first dimensions of the input:
    `out[i..., p...] = in[indices[i..., 0], indices[i..., 1], ..., p...]`. An index outside of its dimension never
    reads outside of the tensor.
  }];
  let arguments = (ins TFL_Tensor:$input, TFL_Tensor:$indices);
  let results = (outs TFL_Tensor:$output);
  let assemblyFormat = "operands attr-dict `:` functional-type(operands, results)";
  let hasVerifier = 1;
  let extraClassDeclaration = TFL_MovedElements.declaration;
}

def TFL_EmbeddingLookupOp : TFL_Op<"embedding_lookup", [Pure, TFL_InferShapes, TFL_TakesInt4Weights]> {
  let quantization = [HybridSince<1, 4>, Weights<1>, BlockScales];
  let summary = "rows of a table picked by index";
  let description = [{
    ```
    table and result of one type     out[i, p...] = value[lookup[i], p...]
    qint4, qint8, result float32     out[i, p...] = float(value[lookup[i], p...]) * scale, of the row where each has one
    ```
    The zero point of a table that becomes float32 is 0. An index outside of the table never reads outside of the tensor.

    ```mlir
    %y = tfl.embedding_lookup %i, %table : (tensor<4xi32>, tensor<9x3xf32>) -> tensor<4x3xf32>
    ```
  }];
  let arguments = (ins TFL_Tensor:$lookup, TFL_Tensor:$value);
  let results = (outs TFL_Tensor:$output);
  let assemblyFormat = "operands attr-dict `:` functional-type(operands, results)";
  let hasVerifier = 1;
  let extraClassDeclaration = TFL_MovedElements.declaration;
}

def TFL_TileOp : TFL_Op<"tile", [Pure, TFL_InferShapes]> {
  let quantization = [Int8Since<3>, Int16Since<3>, Picks];
  let summary = "a tensor several times side by side";
  let description = [{
    Repeats dimension i `multiples[i]` times as a whole.
  }];
  let arguments = (ins TFL_Tensor:$input, TFL_Tensor:$multiples);
  let results = (outs TFL_Tensor:$output);
  let assemblyFormat = "operands attr-dict `:` functional-type(operands, results)";
  let hasVerifier = 1;
  let extraClassDeclaration = TFL_MovedElements.declaration;
}

def TFL_BroadcastToOp : TFL_Op<"broadcast_to", [Pure, TFL_InferShapes]> {
  let quantization = [Int8Since<3>, Int16Since<3>, Picks];
  let summary = "dimensions of size one repeated to a shape";
  let description = [{
    Dimensions of the input align with the end of the vector `shape`; those of size one are repeated.
  }];
  let arguments = (ins TFL_Tensor:$input, TFL_Tensor:$shape);
  let results = (outs TFL_Tensor:$output);
  let assemblyFormat = "operands attr-dict `:` functional-type(operands, results)";
  let hasVerifier = 1;
  let extraClassDeclaration = TFL_MovedElements.declaration;
}

def TFL_BroadcastArgsOp : TFL_Op<"broadcast_args", [Pure, TFL_InferShapes, TFL_ComputesShapes]> {
  let summary = "the shape that two shapes broadcast to";
  let description = [{
    Two vectors that are shapes align at their ends, the shorter one with ones in front: `out[i] = s0[i] == 1 ? s1[i] : s0[i]`.
    Sizes that differ and are not one are an error of the invocation.
  }];
  let arguments = (ins TFL_Tensor:$s0, TFL_Tensor:$s1);
  let results = (outs TFL_Tensor:$output);
  let assemblyFormat = "operands attr-dict `:` functional-type(operands, results)";
  let hasVerifier = 1;
  let extraClassDeclaration = TFL_Elements<"int32 int64">.declaration;
}

def TFL_FillOp : TFL_Op<"fill", [Pure, TFL_InferShapes]> {
  let quantization = [Int8Since<3>, Int16Since<3>, Picks, Follows];
  let summary = "one value everywhere";
  let description = [{
    A tensor of the shape `dims`, a vector, that holds the scalar `value`.
  }];
  let arguments = (ins TFL_Tensor:$dims, TFL_Tensor:$value);
  let results = (outs TFL_Tensor:$output);
  let assemblyFormat = "operands attr-dict `:` functional-type(operands, results)";
  let hasVerifier = 1;
  let extraClassDeclaration = TFL_MovedElements.declaration;
}

def TFL_ZerosLikeOp : TFL_Op<"zeros_like", [Pure, TFL_InferShapes]> {
  let summary = "zeros in the shape of a tensor";
  let arguments = (ins TFL_Tensor:$input);
  let results = (outs TFL_Tensor:$output);
  let assemblyFormat = "operands attr-dict `:` functional-type(operands, results)";
  let extraClassDeclaration = TFL_MovedElements.declaration;
}

def TFL_OneHotOp : TFL_Op<"one_hot", [Pure, TFL_InferShapes]> {
  let quantization = [Int8Since<1>, Picks, Follows];
  let summary = "indices as vectors with one element set";
  let description = [{
    The result has one more dimension, of size `depth`, at place `axis` (-1: the last): an element is `on_value` where
    its place along that dimension is the index, otherwise `off_value`.
  }];
  let arguments = (ins TFL_Tensor:$indices, TFL_Tensor:$depth, TFL_Tensor:$on_value, TFL_Tensor:$off_value,
    DefaultValuedAttr<I32Attr, "-1">:$axis);
  let results = (outs TFL_Tensor:$output);
  let assemblyFormat = "operands attr-dict `:` functional-type(operands, results)";
  let hasVerifier = 1;
  let extraClassDeclaration = TFL_MovedElements.declaration;
}

def TFL_RangeOp : TFL_Op<"range", [Pure, TFL_InferShapes, TFL_ComputesShapes]> {
  let summary = "an arithmetic progression";
  let description = [{
    The numbers `start + i * delta` below `limit` (above it where `delta` is negative). Their number is
    `ceil(|limit - start| / |delta|)`.
  }];
  let arguments = (ins TFL_Tensor:$start, TFL_Tensor:$limit, TFL_Tensor:$delta);
  let results = (outs TFL_Tensor:$output);
  let assemblyFormat = "operands attr-dict `:` functional-type(operands, results)";
  let hasVerifier = 1;
  let extraClassDeclaration = TFL_Elements<"float32 int32 int64">.declaration;
}

#endif

//===- PermuteOps.td - the same elements in another order --*- tablegen -*-===//
//
// Part of tflc, under the Apache License 2.0.
//
//===----------------------------------------------------------------------===//

#ifndef TFLC_TFL_PERMUTE_OPS
#define TFLC_TFL_PERMUTE_OPS

include "TFL/IR/ElementSets.td"
include "TFL/IR/TFLOpBase.td"

def TFL_TransposeOp : TFL_Op<"transpose", [Pure, TFL_InferShapes]> {
  let quantization = [Int8Since<2>, Int16Since<5>, Picks];
  let summary = "dimensions in another order";
  let description = [{
    Dimension i of the result is dimension `perm[i]` of the input.

    ```mlir
    %y = tfl.transpose %x, %perm : (tensor<2x3xf32>, tensor<2xi32>) -> tensor<3x2xf32>
    ```
  }];
  let arguments = (ins TFL_Tensor:$input, TFL_Tensor:$perm);
  let results = (outs TFL_Tensor:$output);
  let assemblyFormat = "operands attr-dict `:` functional-type(operands, results)";
  let hasVerifier = 1;
  let hasFolder = 1;
  let extraClassDeclaration = TFL_MovedElements.declaration;
}

def TFL_ReverseV2Op : TFL_Op<"reverse_v2", [Pure, TFL_InferShapes]> {
  let quantization = [Int8Since<3>, Int16Since<3>, Picks];
  let summary = "elements backwards";
  let description = [{
    Reverses the order of the elements along the dimensions in the vector `axis`.
  }];
  let arguments = (ins TFL_Tensor:$input, TFL_Tensor:$axis);
  let results = (outs TFL_Tensor:$output);
  let assemblyFormat = "operands attr-dict `:` functional-type(operands, results)";
  let hasVerifier = 1;
  let extraClassDeclaration = TFL_MovedElements.declaration;
}

def TFL_ReverseSequenceOp : TFL_Op<"reverse_sequence", [Pure, TFL_InferShapes]> {
  let summary = "the beginning of each sequence backwards";
  let description = [{
    For place b of dimension `batch_dim`, the first `seq_lengths[b]` elements along dimension `seq_dim` are reversed; the
    others stay. A length outside of the dimension never reads outside of the tensor.
  }];
  let arguments = (ins TFL_Tensor:$input, TFL_Tensor:$seq_lengths, I32Attr:$seq_dim,
    DefaultValuedAttr<I32Attr, "0">:$batch_dim);
  let results = (outs TFL_Tensor:$output);
  let assemblyFormat = "operands attr-dict `:` functional-type(operands, results)";
  let hasVerifier = 1;
  let extraClassDeclaration = TFL_MovedElements.declaration;
}

class TFL_BlockOp<string mnemonic> : TFL_Op<mnemonic, [Pure, TFL_InferShapes]> {
  let arguments = (ins TFL_Tensor:$input, I32Attr:$block_size);
  let results = (outs TFL_Tensor:$output);
  let assemblyFormat = "operands attr-dict `:` functional-type(operands, results)";
  let hasVerifier = 1;
  let extraClassDeclaration = TFL_MovedElements.declaration;
}

def TFL_SpaceToDepthOp : TFL_BlockOp<"space_to_depth"> {
  let quantization = [Int8Since<2>, Picks];
  let summary = "blocks of pixels become channels";
  let description = [{
    With b = `block_size`: `out[n, y, x, (dy * b + dx) * c + i] = in[n, y * b + dy, x * b + dx, i]`.
  }];
}

def TFL_DepthToSpaceOp : TFL_BlockOp<"depth_to_space"> {
  let quantization = [Int8Since<2>, Picks];
  let summary = "channels become blocks of pixels";
  let description = [{
    The inverse of `tfl.space_to_depth`.
  }];
}

def TFL_SpaceToBatchNdOp : TFL_Op<"space_to_batch_nd", [Pure, TFL_InferShapes]> {
  let quantization = [Int8Since<2>, Int16Since<4>, Picks];
  let summary = "every n-th pixel becomes an image of its own";
  let description = [{
    Pads the spatial dimensions 1 ... m by the rows of `paddings` with zeros (the zero point), then, with the vector
    `block_shape` b of m elements, `out[(d1 * b2 + d2) * n + i, y, x, ...] = in[i, y * b1 + d1, x * b2 + d2, ...]`.
    m is one or two.
  }];
  let arguments = (ins TFL_Tensor:$input, TFL_Tensor:$block_shape, TFL_Tensor:$paddings);
  let results = (outs TFL_Tensor:$output);
  let assemblyFormat = "operands attr-dict `:` functional-type(operands, results)";
  let hasVerifier = 1;
  let extraClassDeclaration = TFL_MovedElements.declaration;
}

def TFL_BatchToSpaceNdOp : TFL_Op<"batch_to_space_nd", [Pure, TFL_InferShapes]> {
  let quantization = [Int8Since<2>, Int16Since<4>, Picks];
  let summary = "images are interleaved pixel by pixel";
  let description = [{
    The inverse of `tfl.space_to_batch_nd`; `crops` says how many elements the spatial dimensions then lose at their
    ends.
  }];
  let arguments = (ins TFL_Tensor:$input, TFL_Tensor:$block_shape, TFL_Tensor:$crops);
  let results = (outs TFL_Tensor:$output);
  let assemblyFormat = "operands attr-dict `:` functional-type(operands, results)";
  let hasVerifier = 1;
  let extraClassDeclaration = TFL_MovedElements.declaration;
}

#endif

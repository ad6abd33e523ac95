//===- DiagonalOps.td - matrices and their diagonals ----------*- tablegen -*-===//
//
// Part of tflc, under the Apache License 2.0.
//
//===----------------------------------------------------------------------===//

#ifndef TFLC_TFL_DIAGONAL_OPS
#define TFLC_TFL_DIAGONAL_OPS

include "TFL/IR/TFLOpBase.td"

class TFL_DiagonalOp<string mnemonic> : TFL_Op<mnemonic, [Pure, TFL_InferShapes]> {
  let results = (outs TFL_Tensor:$output);
  let assemblyFormat = "operands attr-dict `:` functional-type(operands, results)";
  let hasVerifier = 1;
  let extraClassDeclaration = [{
    static ::llvm::StringRef getElementTypes() {
      return "float32 int8 int16 int32 int64 uint8 uint32 qint8 quint8 qint16";
    }
  }];
}

def TFL_MatrixDiagOp : TFL_DiagonalOp<"matrix_diag"> {
  let summary = "square matrices from their diagonals";
  let description = [{
    `out[b..., i, j] = i == j ? diagonal[b..., i] : 0`, on the stored values.

    ```mlir
    %y = tfl.matrix_diag %d : (tensor<2x3xf32>) -> tensor<2x3x3xf32>
    ```
  }];
  let arguments = (ins TFL_Tensor:$diagonal);
}

def TFL_MatrixSetDiagOp : TFL_DiagonalOp<"matrix_set_diag"> {
  let summary = "matrices with other diagonals";
  let description = [{
    `out[b..., i, j] = i == j ? diagonal[b..., i] : input[b..., i, j]`; the last dimension of `diagonal` is the lesser one of
    the last two of `input`.
  }];
  let arguments = (ins TFL_Tensor:$input, TFL_Tensor:$diagonal);
}

#endif

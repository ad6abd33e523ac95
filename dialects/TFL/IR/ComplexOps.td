//===- ComplexOps.td - complex numbers ------------------------*- tablegen -*-===//
//
// Part of tflc, under the Apache License 2.0.
//
//===----------------------------------------------------------------------===//

#ifndef TFLC_TFL_COMPLEX_OPS
#define TFLC_TFL_COMPLEX_OPS

include "TFL/IR/TFLOpBase.td"

/// A real number from each complex one, of half the width.
class TFL_ComplexPartOp<string mnemonic, string formula> : TFL_Op<mnemonic, [Pure, TFL_InferShapes]> {
  let summary = formula;
  let description = "`out = " # formula # "`";
  let arguments = (ins TFL_Tensor:$input);
  let results = (outs TFL_Tensor:$output);
  let assemblyFormat = "operands attr-dict `:` functional-type(operands, results)";
  let hasVerifier = 1;
  let extraClassDeclaration = [{
    static ::llvm::StringRef getElementTypes() { return "complex64 complex128"; }
  }];
  let extraClassDefinition = [{
    ::llvm::LogicalResult $cppClass::inferShapes(
        ::llvm::SmallVectorImpl<::llvm::SmallVector<int64_t>> &shapes) {
      shapes.emplace_back(getInput().getType().getShape());
      return ::llvm::success();
    }
  }];
}

def TFL_RealOp : TFL_ComplexPartOp<"real", "the real part of in">;
def TFL_ImagOp : TFL_ComplexPartOp<"imag", "the imaginary part of in">;
def TFL_ComplexAbsOp : TFL_ComplexPartOp<"complex_abs", "sqrt(re(in)^2 + im(in)^2), without overflow in between">;

def TFL_Rfft2DOp : TFL_Op<"rfft2d", [Pure, TFL_InferShapes]> {
  let summary = "Fourier transform of matrices of reals";
  let description = [{
    With [h, w] = `fft_length`, powers of two, and the last two dimensions of the input cut off or filled with zeros to h and w:
    `out[b..., u, v] = sum over y, x of in[b..., y, x] * exp(-2 * pi * i * (u * y / h + v * x / w))` for v in [0, w / 2].

    ```mlir
    %n = tfl.const dense<[1, 8]> : tensor<2xi32> -> tensor<2xi32>
    %y = tfl.rfft2d %x, %n : (tensor<3x1x8xf32>, tensor<2xi32>) -> tensor<3x1x5xcomplex<f32>>
    ```
  }];
  let arguments = (ins TFL_Tensor:$input, TFL_Tensor:$fft_length);
  let results = (outs TFL_Tensor:$output);
  let assemblyFormat = "operands attr-dict `:` functional-type(operands, results)";
  let hasVerifier = 1;
  let extraClassDeclaration = [{
    static ::llvm::StringRef getElementTypes() { return "float32"; }
  }];
}

#endif

//===- RandomOps.td - random numbers and transforms --------*- tablegen -*-===//
//
// Part of tflc, under the Apache License 2.0.
//
//===----------------------------------------------------------------------===//

#ifndef TFLC_TF_RANDOM_OPS
#define TFLC_TF_RANDOM_OPS

include "TF/IR/TFOpBase.td"

class TF_RandomOp<string mnemonic> : TF_Op<mnemonic, [MemoryEffects<[MemWrite]>]> {
  let arguments = (ins TF_Tensor:$shape, TF_Int<"0">:$seed, TF_Int<"0">:$seed2, TypeAttr:$dtype);
  let results = (outs TF_Tensor:$output);
  let extraClassDefinition = compatibleDefinition # singleDefinition # [{
    ::mlir::Type $cppClass::inferType(Adaptor op, ::std::optional<::mlir::Location>) {
      return ::tflc::tf::makeType(::tflc::tf::evaluateShape(op.getShape()), op.getDtype());
    }
  }];
}
def TF_RandomUniformOp : TF_RandomOp<"RandomUniform">;
def TF_RandomStandardNormalOp : TF_RandomOp<"RandomStandardNormal">;
def TF_MultinomialOp : TF_Op<"Multinomial", [MemoryEffects<[MemWrite]>]> {
  let arguments = (ins TF_Tensor:$logits, TF_Tensor:$num_samples, TF_Int<"0">:$seed, TF_Int<"0">:$seed2,
                       OptionalAttr<TypeAttr>:$output_dtype);
  let results = (outs TF_Tensor:$output);
  let extraClassDefinition = compatibleDefinition # singleDefinition # [{
    ::mlir::Type $cppClass::inferType(Adaptor op, ::std::optional<::mlir::Location>) {
      return ::tflc::tf::inferSamples(op.getLogits(), op.getNumSamples(),
                                      ::tflc::tf::getTypeOr(op.getOutputDtype(), 64, op.getLogits()));
    }
  }];
}
class TF_RealFourierOp<string mnemonic, int rank> : TF_Op<mnemonic> {
  let arguments = (ins TF_Tensor:$input, TF_Tensor:$fft_length);
  let results = (outs TF_Tensor:$output);
  let extraClassDefinition = compatibleDefinition # singleDefinition # [{
    ::mlir::Type $cppClass::inferType(Adaptor op, ::std::optional<::mlir::Location> location) {
      return ::tflc::tf::inferRealFourier(op.getInput(), op.getFftLength(), }] # rank # [{, location);
    }
  }];
}
def TF_RFFTOp : TF_RealFourierOp<"RFFT", 1>;
def TF_RFFT2DOp : TF_RealFourierOp<"RFFT2D", 2>;
class TF_ComplexPartOp<string mnemonic> : TF_Op<mnemonic> {
  let arguments = (ins TF_Tensor:$input);
  let results = (outs TF_Tensor:$output);
  let extraClassDefinition = compatibleDefinition # singleDefinition # [{
    ::mlir::Type $cppClass::inferType(Adaptor op, ::std::optional<::mlir::Location>) {
      return ::tflc::tf::inferComplexPart(op.getInput());
    }
  }];
}
def TF_ComplexAbsOp : TF_ComplexPartOp<"ComplexAbs">;
def TF_ImagOp : TF_ComplexPartOp<"Imag">;
def TF_RealOp : TF_ComplexPartOp<"Real">;

#endif

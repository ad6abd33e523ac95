//===- ElementwiseBase.td - what elementwise ops share ---------*- tablegen -*-===//
//
// Part of tflc, under the Apache License 2.0.
//
//===----------------------------------------------------------------------===//

#ifndef TFLC_TFL_ELEMENTWISE_BASE
#define TFLC_TFL_ELEMENTWISE_BASE

include "TFL/IR/TFLOpBase.td"

def TFL_Activation : DefaultValuedAttr<StrAttr, "\"NONE\"">;

/// Elementwise on operands that are broadcast against each other. `types` lists the element types that are
/// supported, a `q` in front of the name standing for a quantized one ("float32 int32 qint8"); all
/// operands and the result have the same one, unless an op has a verifier of its own.
class TFL_ElementwiseOp<string mnemonic, string types, list<Trait> props = []>
    : TFL_Op<mnemonic, !listconcat(props, [Pure, TFL_InferShapes])> {
  let results = (outs TFL_Tensor:$output);
  let assemblyFormat = "operands attr-dict `:` functional-type(operands, results)";
  let hasVerifier = 1;
  let extraClassDeclaration = [{
    static ::llvm::StringRef getElementTypes() { return "}] # types # [{"; }
  }];
  code shapesDefinition = [{
    ::llvm::LogicalResult $cppClass::inferShapes(
        ::llvm::SmallVectorImpl<::llvm::SmallVector<int64_t>> &shapes) {
      return ::tflc::tfl::inferBroadcastShape(*this, shapes);
    }
  }];
  let extraClassDefinition = shapesDefinition # [{
    ::llvm::LogicalResult $cppClass::verify() { return ::tflc::tfl::verifyElementwise(*this, getElementTypes()); }
  }];
}

class TFL_UnaryOp<string mnemonic, string types> : TFL_ElementwiseOp<mnemonic, types> {
  let arguments = (ins TFL_Tensor:$input);
}

class TFL_BinaryOp<string mnemonic, string types, list<Trait> props = []>
    : TFL_ElementwiseOp<mnemonic, types, props> {
  let arguments = (ins TFL_Tensor:$lhs, TFL_Tensor:$rhs);
}

/// A binary op with a fused activation function.
class TFL_ActivatedBinaryOp<string mnemonic, string types, list<Trait> props = []>
    : TFL_BinaryOp<mnemonic, types, !listconcat(props, [TFL_FusesActivation])> {
  let arguments = (ins TFL_Tensor:$lhs, TFL_Tensor:$rhs, TFL_Activation:$fused_activation_function);
  let extraClassDefinition = shapesDefinition # [{
    ::llvm::LogicalResult $cppClass::verify() {
      return ::tflc::tfl::verifyArithmetic(*this, getElementTypes(), getFusedActivationFunction());
    }
  }];
}

#endif

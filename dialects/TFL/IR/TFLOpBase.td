//===- TFLOpBase.td - what all op families share ---------------*- tablegen -*-===//
//
// Part of tflc, under the Apache License 2.0.
//
//===----------------------------------------------------------------------===//

#ifndef TFLC_TFL_OP_BASE
#define TFLC_TFL_OP_BASE

include "TFL/IR/TFLBase.td"
include "TFL/IR/TFLInterfaces.td"
include "mlir/Interfaces/SideEffectInterfaces.td"

class TFL_Op<string mnemonic, list<Trait> props = []> : Op<TFL_Dialect, mnemonic, props> {
  /// How the operator quantizes; nothing where it stays in float.
  list<TFL_RulePart> quantization = [];
  let traits = !listconcat(props, !if(!empty(quantization), []<Trait>,
                                      [TFL_QuantizationOpInterface, TFL_QuantizedBy<quantization>]));
}

def TFL_ResourceType : TypeDef<TFL_Dialect, "Resource"> {
  let mnemonic = "resource";
  let summary = "element type of a RESOURCE tensor, a handle of a variable";
}

def TFL_Tensor : Type<CPred<"::mlir::isa<::mlir::RankedTensorType>($_self)">, "ranked tensor", "::mlir::RankedTensorType">;

// An operand that a model may leave out in the middle of the list.
def TFL_TensorOrNone : Type<CPred<"::mlir::isa<::mlir::RankedTensorType, ::mlir::NoneType>($_self)">,
                            "ranked tensor or none">;

// See FusedActivation.h.
def TFL_FusesActivation : NativeOpTrait<"FusesActivation"> {
  let cppNamespace = "::tflc::tfl";
}

// See NoOperator.h.
def TFL_NoOperator : NativeOpTrait<"NoOperator"> {
  let cppNamespace = "::tflc::tfl";
}

def TFL_InferShapes : DeclareOpInterfaceMethods<TFL_ShapeInferenceOpInterface>;

#endif

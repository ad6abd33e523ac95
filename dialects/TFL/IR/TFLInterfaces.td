//===- TFLInterfaces.td - interfaces of tfl ops ----------------*- tablegen -*-===//
//
// Part of tflc, under the Apache License 2.0.
//
//===----------------------------------------------------------------------===//

#ifndef TFLC_TFL_INTERFACES
#define TFLC_TFL_INTERFACES

include "TFL/IR/QuantizationRules.td"
include "mlir/IR/OpBase.td"

def TFL_ShapeInferenceOpInterface : OpInterface<"ShapeInferenceOpInterface"> {
  let cppNamespace = "::tflc::tfl";
  let description = [{
    Shape inference as TensorFlow Lite's allocation does it: from the types of the operands and the values of
    constant operands. Element types of results never change; they are the model's.
  }];
  let methods = [
    InterfaceMethod<[{
      Appends one shape for each result; `ShapedType::kDynamic` marks an unknown dimension. On failure the op has
      emitted an error that names what is wrong with its operands.
    }], "::llvm::LogicalResult", "inferShapes",
      (ins "::llvm::SmallVectorImpl<::llvm::SmallVector<int64_t>> &":$shapes)>
  ];
}

def TFL_QuantizationOpInterface : OpInterface<"QuantizationOpInterface"> {
  let cppNamespace = "::tflc::tfl";
  let description = [{
    Tells how the operator quantizes in each mode. The field `quantization` of an op's record gives it this interface.
  }];
  let methods = [
    StaticInterfaceMethod<"The rule, the same for all ops of this kind.",
      "const ::tflc::tfl::QuantizationRule &", "getQuantizationRule">
  ];
}

#endif

//===- VariableOps.td - state and its initialization -------*- tablegen -*-===//
//
// Part of tflc, under the Apache License 2.0.
//
//===----------------------------------------------------------------------===//

#ifndef TFLC_TFL_VARIABLE_OPS
#define TFLC_TFL_VARIABLE_OPS

include "TFL/IR/ElementSets.td"
include "TFL/IR/State.td"
include "TFL/IR/TFLOpBase.td"
include "mlir/IR/SymbolInterfaces.td"

def TFL_VarHandleOp : TFL_Op<"var_handle", [Pure, TFL_InferShapes, TFL_HasState]> {
  let summary = "names a variable";
  let description = [{
    Two handles with the same `container` and `shared_name` name the same variable, in whatever function they stand.
    A variable holds zeros until something is assigned.

    ```mlir
    %h = tfl.var_handle {container = "", shared_name = "counter"} : () -> tensor<!tfl.resource>
    ```
  }];
  let arguments = (ins OptionalAttr<StrAttr>:$container, OptionalAttr<StrAttr>:$shared_name);
  let results = (outs TFL_Tensor:$resource_handle);
  let assemblyFormat = "operands attr-dict `:` functional-type(operands, results)";
  let extraClassDeclaration = TFL_MovedElements.declaration;
}

def TFL_ReadVariableOp : TFL_Op<"read_variable", [MemoryEffects<[MemRead]>, TFL_InferShapes]> {
  let summary = "the present value of a variable";
  let arguments = (ins TFL_Tensor:$resource_id);
  let results = (outs TFL_Tensor:$value);
  let assemblyFormat = "operands attr-dict `:` functional-type(operands, results)";
  let hasVerifier = 1;
  let extraClassDeclaration = TFL_MovedElements.declaration;
}

def TFL_AssignVariableOp : TFL_Op<"assign_variable", [MemoryEffects<[MemWrite]>, TFL_InferShapes]> {
  let summary = "replaces the value of a variable";
  let arguments = (ins TFL_Tensor:$resource_id, TFL_Tensor:$value);
  let assemblyFormat = "operands attr-dict `:` functional-type(operands, results)";
  let hasVerifier = 1;
  let extraClassDeclaration = TFL_MovedElements.declaration;
}

def TFL_CallOnceOp : TFL_Op<"call_once", [DeclareOpInterfaceMethods<SymbolUserOpInterface>, TFL_InferShapes]> {
  let summary = "runs a function before the first invocation";
  let description = [{
    `init_subgraph` takes and returns nothing; it assigns variables. Normalization gathers these calls in the function
    `@tflc.reset`, which the caller runs once.

    ```mlir
    tfl.call_once {init_subgraph = @init} : () -> ()
    ```
  }];
  let arguments = (ins FlatSymbolRefAttr:$init_subgraph);
  let assemblyFormat = "operands attr-dict `:` functional-type(operands, results)";
}

def TFL_VariableTensorOp : TFL_Op<"variable_tensor", [TFL_NoOperator, Pure, TFL_InferShapes, TFL_HasState]> {
  let summary = "a tensor that keeps its value from one invocation to the next";
  let description = [{
    A tensor that the file marks as variable. The result stands for the tensor itself and not for a value of it: recurrent
    operators take it as their state, read it and replace its value; all others read it by `tfl.load_variable_tensor`. Two
    of these with the same `variable` are the same tensor. A reset stores zeros, or the zero point where the type is int8.

    ```mlir
    %state = tfl.variable_tensor {variable = "main.0"} : () -> tensor<1x20xf32>
    ```
  }];
  let arguments = (ins StrAttr:$variable);
  let results = (outs TFL_Tensor:$output);
  let assemblyFormat = "operands attr-dict `:` functional-type(operands, results)";
  let hasVerifier = 1;
}

def TFL_LoadVariableTensorOp : TFL_Op<"load_variable_tensor", [TFL_NoOperator, MemoryEffects<[MemRead]>, TFL_InferShapes]> {
  let summary = "the present value of a variable tensor";
  let description = [{
    Stands where an operator without a state reads a variable tensor. In a file, that operator has the tensor itself as its
    operand.
  }];
  let arguments = (ins TFL_Tensor:$variable);
  let results = (outs TFL_Tensor:$value);
  let assemblyFormat = "operands attr-dict `:` functional-type(operands, results)";
  let hasVerifier = 1;
}

def TFL_StoreVariableTensorOp : TFL_Op<"store_variable_tensor", [TFL_NoOperator, MemoryEffects<[MemWrite]>, TFL_InferShapes]> {
  let summary = "replaces the value of a variable tensor";
  let description = [{
    Stands behind an operator that writes a variable tensor. In a file, that operator has the tensor itself as its result.

    With `once` the value is constant and the variable's initial value. Such is the result of DEQUANTIZE where its operand is
    constant: TensorFlow Lite computes it in the first invocation alone, and what a layer makes of it then stays.
  }];
  let arguments = (ins TFL_Tensor:$variable, TFL_Tensor:$value, UnitAttr:$once);
  let assemblyFormat = "operands attr-dict `:` functional-type(operands, results)";
  let hasVerifier = 1;
}

#endif

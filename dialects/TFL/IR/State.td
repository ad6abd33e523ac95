//===- State.td - ops with a variable --------------------------*- tablegen -*-===//
//
// Part of tflc, under the Apache License 2.0.
//
//===----------------------------------------------------------------------===//

#ifndef TFLC_TFL_STATE
#define TFLC_TFL_STATE

include "mlir/IR/OpBase.td"

def TFL_StateOpInterface : OpInterface<"StateOpInterface"> {
  let cppNamespace = "::tflc::tfl";
  let description = [{
    An op that stands for a variable of the model, or owns one: a value that lives from one invocation to the next.
  }];
  let methods = [
    InterfaceMethod<[{
      The variable. Several ops of one name stand for the same; an op that gives no name owns a variable of its own.
    }], "::tflc::tfl::StateInfo", "getStateInfo">
  ];
}

def TFL_HasState : DeclareOpInterfaceMethods<TFL_StateOpInterface>;

#endif

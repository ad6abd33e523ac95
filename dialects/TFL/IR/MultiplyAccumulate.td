//===- MultiplyAccumulate.td - how much work an op is ----------*- tablegen -*-===//
//
// Part of tflc, under the Apache License 2.0.
//
//===----------------------------------------------------------------------===//

#ifndef TFLC_TFL_MULTIPLY_ACCUMULATE
#define TFLC_TFL_MULTIPLY_ACCUMULATE

include "mlir/IR/OpBase.td"

def TFL_MultiplyAccumulateOpInterface : OpInterface<"MultiplyAccumulateOpInterface"> {
  let cppNamespace = "::tflc::tfl";
  let description = [{
    An operator that contracts: sums of products. Reports and the search for cheap models weigh operators by it. An op
    without the interface counts as none.
  }];
  let methods = [
    InterfaceMethod<[{
      Products of one invocation. Unknown dimensions count as one, and padding counts as products.
    }], "int64_t", "countMultiplyAccumulates">
  ];
}

// Kernels read weights of four bits, beside int8 activations and in the hybrid form where weights have a scale for each
// of the result's channels.
def TFL_TakesInt4Weights : NativeOpTrait<"TakesInt4Weights"> {
  let cppNamespace = "::tflc::tfl";
}

def TFL_CountsProducts : DeclareOpInterfaceMethods<TFL_MultiplyAccumulateOpInterface>;

#endif

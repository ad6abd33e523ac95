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

def TFL_CountsProducts : DeclareOpInterfaceMethods<TFL_MultiplyAccumulateOpInterface>;

#endif

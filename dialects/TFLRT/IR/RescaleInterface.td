//===- RescaleInterface.td - what rescales promise -------------*- tablegen -*-===//
//
// Part of tflc, under the Apache License 2.0.
//
//===----------------------------------------------------------------------===//

#ifndef TFLC_TFLRT_RESCALE_INTERFACE
#define TFLC_TFLRT_RESCALE_INTERFACE

include "mlir/IR/OpBase.td"

def TFLRT_RescaleInterface : OpInterface<"RescaleOpInterface"> {
  let description = [{
    An op that makes a small integer of an accumulator, in integer or in float arithmetic. It stays one op until the target's arithmetic is
    emitted, so that what was known when it was made is asked here, and not found again in that arithmetic.
  }];
  let cppNamespace = "::tflc::tflrt";
  let methods = [
    InterfaceMethod<"The largest magnitude that a result may have; none where nothing is known.",
                    "std::optional<int64_t>", "getLargestResult">,
    InterfaceMethod<"Whether the result, where the first operand grows and the others stay, grows or stays as well.",
                    "bool", "neverDecreases">
  ];
}

#endif

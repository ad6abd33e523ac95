//===- CallOps.td - calls of what is linked to a model ---------*- tablegen -*-===//
//
// Part of tflc, under the Apache License 2.0.
//
//===----------------------------------------------------------------------===//

#ifndef TFLC_TFLRT_CALL_OPS
#define TFLC_TFLRT_CALL_OPS

include "TFLRT/IR/TFLRTBase.td"
include "mlir/Interfaces/DestinationStyleOpInterface.td"
include "mlir/Interfaces/SideEffectInterfaces.td"

def TFLRT_CallCustomOp : TFLRT_Op<"call_custom", [AttrSizedOperandSegments, DestinationStyleOpInterface,
    MemoryEffects<[MemRead, MemWrite]>]> {
  let summary = "call a function that is linked to the model";
  let description = [{
    Calls the C function `function`, of the type `tflc_custom_fn`, with `inputs`, the destinations `inits` and the bytes
    `options`. `input_types` and `output_types` are the model's tensor types of its operands and results; an operand that
    is absent has the type `none` there, and no value. `status` is what the function returns.

    ```mlir
    %y, %s = tflrt.call_custom "my_op"(%x : tensor<4xf32>) into (%e : tensor<4xf32>)
        {options = "", input_types = [tensor<4xf32>], output_types = [tensor<4xf32>]} -> tensor<4xf32>
    ```
  }];
  let arguments = (ins StrAttr:$function, StrAttr:$options, TypeArrayAttr:$input_types, TypeArrayAttr:$output_types,
                       Variadic<AnyShaped>:$inputs, Variadic<AnyShaped>:$inits);
  let results = (outs Variadic<AnyRankedTensor>:$results, I32:$status);
  let assemblyFormat = [{
    $function `(` ($inputs^ `:` type($inputs))? `)` `into` `(` ($inits^ `:` type($inits))? `)` attr-dict
    (`->` type($results)^)?
  }];
  let hasVerifier = 1;
  let extraClassDeclaration = [{
    ::mlir::MutableOperandRange getDpsInitsMutable() { return getInitsMutable(); }
  }];
}

#endif

//===- ScanOps.td - sums of all elements before ---------------*- tablegen -*-===//
//
// Part of tflc, under the Apache License 2.0.
//
//===----------------------------------------------------------------------===//

#ifndef TFLC_TFL_SCAN_OPS
#define TFLC_TFL_SCAN_OPS

include "TFL/IR/TFLOpBase.td"

def TFL_CumsumOp : TFL_Op<"cumsum", [Pure, TFL_InferShapes]> {
  let summary = "sums of all elements before along an axis";
  let description = [{
    `out[i]` along the dimension `axis` (counted from the end where negative) is the sum of `in[0]` to `in[i]`, without `in[i]`
    itself where `exclusive` is set; with `reverse` the sum of `in[i]` to the last one. Integers wrap around. Floats are added
    in this order.

    ```mlir
    %axis = tfl.const dense<-1> : tensor<i32> -> tensor<i32>
    %y = tfl.cumsum %x, %axis {exclusive = false, reverse = false} : (tensor<2x3xf32>, tensor<i32>) -> tensor<2x3xf32>
    ```
  }];
  let arguments = (ins TFL_Tensor:$input, TFL_Tensor:$axis, DefaultValuedAttr<BoolAttr, "false">:$exclusive,
    DefaultValuedAttr<BoolAttr, "false">:$reverse);
  let results = (outs TFL_Tensor:$output);
  let assemblyFormat = "operands attr-dict `:` functional-type(operands, results)";
  let hasVerifier = 1;
  let extraClassDeclaration = [{
    static ::llvm::StringRef getElementTypes() { return "float32 int32 int64"; }
  }];
}

#endif

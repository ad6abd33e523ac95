//===- ReduceWindowOps.td - reductions over windows -----------*- tablegen -*-===//
//
// Part of tflc, under the Apache License 2.0.
//
//===----------------------------------------------------------------------===//

#ifndef TFLC_TFL_REDUCE_WINDOW_OPS
#define TFLC_TFL_REDUCE_WINDOW_OPS

include "TFL/IR/TFLOpBase.td"

class TFL_ReduceWindowLikeOp<string mnemonic> : TFL_Op<mnemonic, [Pure, TFL_InferShapes]> {
  let results = (outs TFL_Tensor:$output);
  let assemblyFormat = "operands attr-dict `:` functional-type(operands, results)";
  let hasVerifier = 1;
  let extraClassDeclaration = [{
    static ::llvm::StringRef getElementTypes() {
      return "float32 float64 int8 int16 int32 int64 uint8 bool qint8 quint8 qint16 qint32";
    }
  }];
}

def TFL_ReduceWindowOp : TFL_ReduceWindowLikeOp<"reduce_window"> {
  let summary = "reduction over a window in all dimensions";
  let description = [{
    Each element of the result is what the function makes of `init_value` and, in row-major order, of those elements of
    `input` that the window covers: it has `window_dimensions` places in each dimension, `window_dilations` elements
    apart, and moves by `window_strides`. It never leaves the input. All three are constant vectors of int64.

    ```
    reduce_function       combine(a, x), on the stored values, integers modulo their width
    ADD, MUL              a + x, a * x
    MINIMUM, MAXIMUM      a <= x ? a : x, a >= x ? a : x
    ALL, ANY              a != 0 and x != 0, a != 0 or x != 0, as 0 or 1
    ```

    ```mlir
    %y = tfl.reduce_window %x, %zero, %window, %strides, %dilations {reduce_function = "ADD"}
      : (tensor<4x6xf32>, tensor<f32>, tensor<2xi64>, tensor<2xi64>, tensor<2xi64>) -> tensor<2x3xf32>
    ```
  }];
  let arguments = (ins TFL_Tensor:$input, TFL_Tensor:$init_value, TFL_Tensor:$window_dimensions,
    TFL_Tensor:$window_strides, TFL_Tensor:$window_dilations,
    DefaultValuedAttr<StrAttr, "\"UNSUPPORTED\"">:$reduce_function);
}

def TFL_StablehloReduceWindowOp : TFL_ReduceWindowLikeOp<"stablehlo_reduce_window"> {
  let summary = "reduction over a window of a padded tensor";
  let description = [{
    As `tfl.reduce_window`, of the input with `base_dilations - 1` elements between neighbours and `padding` (a pair
    for each dimension; negative: elements left out) around, all of which are `init_value`. `body` is a
    function of one operator, which names the function: ADD or STABLEHLO_ADD, and likewise MUL, MAXIMUM, MINIMUM,
    LOGICAL_AND and LOGICAL_OR. Normalization replaces the op by STABLEHLO_PAD and REDUCE_WINDOW.
  }];
  let arguments = (ins TFL_Tensor:$input, TFL_Tensor:$init_value,
    DefaultValuedAttr<DenseI64ArrayAttr, "{}">:$window_dimensions,
    DefaultValuedAttr<DenseI64ArrayAttr, "{}">:$window_strides,
    DefaultValuedAttr<DenseI64ArrayAttr, "{}">:$base_dilations,
    DefaultValuedAttr<DenseI64ArrayAttr, "{}">:$window_dilations,
    DefaultValuedAttr<DenseI64ArrayAttr, "{}">:$padding, FlatSymbolRefAttr:$body_subgraph);
}

#endif

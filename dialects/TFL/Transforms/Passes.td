//===- Passes.td - passes of the tfl dialect -------------------*- tablegen -*-===//
//
// Part of tflc, under the Apache License 2.0.
//
//===----------------------------------------------------------------------===//

#ifndef TFLC_TFL_PASSES
#define TFLC_TFL_PASSES

include "mlir/Pass/PassBase.td"

def LiftCallOncePass : Pass<"tfl-lift-call-once", "::mlir::ModuleOp"> {
  let summary = "gather the initialization of a model in one function";
  let description = [{
    The bodies of the functions that `tfl.call_once` runs become, each one once and in program order, the body of
    `@tflc.reset`, which the caller of the model runs before the first invocation. The calls vanish, and so do functions that
    nothing else uses.

    ```mlir
    func.func @main() { tfl.call_once {init_subgraph = @init} : () -> () ... }
    func.func private @init() { tfl.assign_variable ... }
    // becomes
    func.func @main() { ... }
    func.func private @tflc.reset() { tfl.assign_variable ... }
    ```
  }];
}

def InlineSubgraphsPass : Pass<"tfl-inline-subgraphs", "::mlir::ModuleOp"> {
  let summary = "replace operators that refer to functions by what these compute";
  let description = [{
    - The operators of a `tfl.stablehlo_composite`'s decomposition take its place, with shapes that follow from its inputs.
    - A `tfl.stablehlo_reduce_window` becomes `tfl.stablehlo_pad` and `tfl.reduce_window`, whose function is that of the body.
    - The only operator of a `tfl.stablehlo_scatter`'s computation becomes the attribute `computation`.

    Functions that nothing else uses vanish.

    ```mlir
    %y = tfl.stablehlo_composite %a, %b {decomposition_subgraph = @f} : (tensor<4xf32>, tensor<4xf32>) -> tensor<4xf32>
    func.func private @f(%p: tensor<4xf32>, %q: tensor<4xf32>) -> tensor<4xf32> { %r = tfl.add %p, %q ... }
    // becomes
    %y = tfl.add %a, %b : (tensor<4xf32>, tensor<4xf32>) -> tensor<4xf32>
    ```
  }];
}

def InferShapesPass : Pass<"tfl-infer-shapes", "::mlir::func::FuncOp"> {
  let summary = "compute all shapes from those of the inputs";
  let description = [{
    Visits the operators in program order and gives each result the shape that follows from the operands, whatever the
    file says; element types stay. Integer arithmetic on shapes (SHAPE, STRIDED_SLICE, PACK, CONCATENATION, MUL, ...)
    whose result is known becomes a constant on the way. The function's result types follow.

    ```mlir
    func.func @main(%x: tensor<2x3x4xf32>) -> tensor<1x12xf32> {
      %s = tfl.shape %x ...
      %n = tfl.strided_slice %s, ...          // 2
      %p = tfl.pack %n, %minus_one ...        // [2, -1]
      %y = tfl.reshape %x, %p : (tensor<2x3x4xf32>, tensor<2xi32>) -> tensor<1x12xf32>
    // becomes
    func.func @main(%x: tensor<2x3x4xf32>) -> tensor<2x12xf32> {
      %p = tfl.const dense<[2, -1]> : tensor<2xi32> -> tensor<2xi32>
      %y = tfl.reshape %x, %p : (tensor<2x3x4xf32>, tensor<2xi32>) -> tensor<2x12xf32>
    ```
  }];
}

def FoldConstantsPass : Pass<"tfl-fold-constants", "::mlir::func::FuncOp"> {
  let summary = "compute operators whose operands are constant";
  let description = [{
    Widening of float16 weights (DEQUANTIZE), transposed weights, and what the operators fold themselves: DENSIFY,
    RESHAPE, SQUEEZE, SHAPE, RANK, identities.
  }];
}

def FusePass : Pass<"tfl-fuse", "::mlir::func::FuncOp"> {
  let summary = "move activations into the operators before them";
  let description = [{
    RELU, RELU6 and RELU_N1_TO_1 become the `fused_activation_function` of the operator whose result they are the only
    user of, where that has none yet and both have the same type, scale and zero point: then the clamp is exactly the same.
    PAD stays an operator: lowering makes the same `tensor.pad` of it as of padding within a convolution.

    ```mlir
    %0 = tfl.add %a, %b {fused_activation_function = "NONE"} ...
    %1 = tfl.relu %0 ...
    // becomes
    %1 = tfl.add %a, %b {fused_activation_function = "RELU"} ...
    ```
  }];
}

def CheckNormalizedPass : Pass<"tfl-check-normalized", "::mlir::ModuleOp"> {
  let summary = "check what lowering assumes about a model";
  let description = [{
    The contract at the end of normalization:

    - every op is of the dialects `tfl` or `func`;
    - the shape of every result is the one that follows from the operands;
    - no `tfl.call_once` is left;
    - a function whose inputs have known shapes has no tensor of unknown shape: where the size of a tensor depends on
      values, the operator is not supported.
  }];
}

#endif

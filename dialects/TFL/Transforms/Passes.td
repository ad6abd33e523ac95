//===- Passes.td - passes of the tfl dialect -------------------*- tablegen -*-===//
//
// Part of tflc, under the Apache License 2.0.
//
//===----------------------------------------------------------------------===//

#ifndef TFLC_TFL_PASSES
#define TFLC_TFL_PASSES

include "mlir/Pass/PassBase.td"

def InlineControlFlowPass : Pass<"tfl-inline-control-flow", "::mlir::ModuleOp"> {
  let summary = "put subgraphs in the place of their calls";
  let description = [{
    IF and STABLEHLO_CASE become `tfl.branch`, WHILE and STABLEHLO_WHILE become `tfl.loop`; their blocks hold what the subgraphs do,
    which vanish where no caller of the model reaches them. What a loop's body gives back as it is, is no longer carried.
    A subgraph that calls itself is an error.

    ```mlir
    func.func @main(%c: tensor<i1>, %x: tensor<4xf32>) -> tensor<4xf32> {
      %y = tfl.if %c, %x {then_subgraph = @f, else_subgraph = @g} : (tensor<i1>, tensor<4xf32>) -> tensor<4xf32>
    // becomes
    func.func @main(%c: tensor<i1>, %x: tensor<4xf32>) -> tensor<4xf32> {
      %y = tfl.branch %c {
        ...
        tfl.yield %a : tensor<4xf32>
      }, {
        ...
        tfl.yield %b : tensor<4xf32>
      } : (tensor<i1>) -> tensor<4xf32>
    ```
  }];
}

def CountLoopsPass : Pass<"tfl-count-loops", "::mlir::func::FuncOp"> {
  let summary = "find out how often loops run";
  let description = [{
    A `tfl.loop` whose condition compares counters with constants becomes a `tfl.repeat`. A counter is an integer that starts with a
    constant and to which each iteration adds another one; it then follows from the number of the iteration.

    ```mlir
    %n, %y = tfl.loop %zero, %x {
    ^bb0(%i: tensor<i32>, %a: tensor<4xf32>):
      %c = tfl.less %i, %twenty_eight : (tensor<i32>, tensor<i32>) -> tensor<i1>
      tfl.yield %c : tensor<i1>
    } do {
    ^bb0(%i: tensor<i32>, %a: tensor<4xf32>):
      %next = tfl.add %i, %one ...
      tfl.yield %next, %b : tensor<i32>, tensor<4xf32>
    }
    // becomes
    %y = tfl.repeat 28, %x {
    ^bb0(%i: tensor<i32>, %a: tensor<4xf32>):
      tfl.yield %b : tensor<4xf32>
    }
    ```
  }];
}

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

//===----------------------------------------------------------------------===//
// Quantization (docs/Quantization.md)
//===----------------------------------------------------------------------===//

def ExpandForIntegersPass : Pass<"tfl-expand-for-integers", "::mlir::func::FuncOp"> {
  let summary = "write operators without an integer kernel as others that have one";
  let description = [{
    Runs before calibration, so that the new tensors have ranges. LiteRT has no integer kernel for SQUARE, and for NEG only one for equal
    scales; for int16 it has none for SQUARED_DIFFERENCE. Its reference kernel for SUM of integers leaves the result unset, so a sum of
    rows becomes a product. In float the expansion computes the same, with sums up to rounding.

    ```mlir
    %1 = tfl.square %0                       // tfl.mul %0, %0
    %2 = tfl.neg %0                          // tfl.mul %0, -1
    %3 = tfl.squared_difference %0, %1       // %d = tfl.sub %0, %1; tfl.mul %d, %d      int16x8 only; a %d of the model will do
    %4 = tfl.sum %0, %last {keep_dims}       // tfl.fully_connected %0, ones
    ```
  }];
  let options = [
    Option<"mode", "mode", "::tflc::tfl::QuantizationMode", "::tflc::tfl::QuantizationMode::Int8", "int8 or int16x8",
      [{::llvm::cl::values(
        clEnumValN(::tflc::tfl::QuantizationMode::Int8, "int8", "int8 activations"),
        clEnumValN(::tflc::tfl::QuantizationMode::Int16x8, "int16x8", "int16 activations, int8 weights"))}]>
  ];
}

def ExposeActivationsPass : Pass<"tfl-expose-activations", "::mlir::ModuleOp"> {
  let summary = "make all float tensors of a model results of its functions";
  let description = [{
    Calibration looks at tensors inside of a model: each float32 tensor of a public function, the arguments and what operators
    compute, in program order, becomes one more result behind those that the function has. Behind these stand two scalars for each
    float tensor of a subgraph that an operator runs: its least and its largest value of the whole invocation, carried through loops.

    ```mlir
    func.func @main(%x: tensor<2xf32>) -> tensor<2xf32> {
      %0 = tfl.exp %x : (tensor<2xf32>) -> tensor<2xf32>
      return %0 : tensor<2xf32>
    // becomes
      return %0, %x, %0 : tensor<2xf32>, tensor<2xf32>, tensor<2xf32>
    ```
  }];
  let options = [
    Option<"quantized", "quantized", "bool", "false", "quantized tensors, too">
  ];
}

def FoldFakeQuantPass : Pass<"tfl-fold-fake-quant", "::mlir::func::FuncOp"> {
  let summary = "take over the quantization that a trained model brings";
  let description = [{
    A model trained with quantization rounds its float tensors by QUANTIZE and DEQUANTIZE. Such a pair is removed, and the op in front
    of it gets the attribute `tfl.given_types` with the pair's type, unsigned ones as signed. A pair whose integers, or
    whose float input, are used otherwise as well stays. FAKE_QUANT of 8 bits does the same by the type of its range.

    ```mlir
    %1 = tfl.quantize %0 : (tensor<2xf32>) -> tensor<2x!quant.uniform<u8:f32, 0.5:128>>
    %2 = tfl.dequantize %1 : (tensor<2x!quant.uniform<u8:f32, 0.5:128>>) -> tensor<2xf32>
    // becomes an attribute of the op that defines %0
    {tfl.given_types = [!quant.uniform<i8:f32, 0.5>]}
    ```
  }];
}

def QuantizeFloat16Pass : Pass<"tfl-quantize-float16", "::mlir::ModuleOp"> {
  let summary = "store float constants in half precision";
  let description = [{
    Each float32 constant becomes a float16 constant and a DEQUANTIZE, which LiteRT folds when it loads the model. A constant with the
    attribute `tfl.keep_float` stays.

    ```mlir
    %w = tfl.const dense<1.5> : tensor<4xf32> -> tensor<4xf32>
    // becomes
    %h = tfl.const dense<1.5> : tensor<4xf16> -> tensor<4xf16>
    %w = tfl.dequantize %h : (tensor<4xf16>) -> tensor<4xf32>
    ```
  }];
}

def QuantizeDynamicRangePass : Pass<"tfl-quantize-dynamic-range", "::mlir::ModuleOp"> {
  let summary = "store weights in int8 for float activations";
  let description = [{
    The weights of operators with a hybrid kernel become int8, symmetric, with one scale for each channel where the kernel takes it,
    if they have at least `min-elements` elements; all weights of an operator or none. The kernel quantizes its input at run time,
    without symmetry where the operator has the option. Tables that rows are picked from become int8, too; the rows are dequantized.
  }];
  let options = [
    Option<"clipWeights", "clip-weights", "bool", "false", "clip weights where that makes their squared error less">,
    Option<"minElements", "min-elements", "int64_t", "1024", "leave smaller constants in float">
  ];
}

class InterfaceOption<string name>
    : Option<name, name, "::tflc::tfl::InterfaceType", "::tflc::tfl::InterfaceType::Float", "type of the model's " # name,
        [{::llvm::cl::values(
          clEnumValN(::tflc::tfl::InterfaceType::Float, "float", "as they are"),
          clEnumValN(::tflc::tfl::InterfaceType::Int8, "int8", "int8"),
          clEnumValN(::tflc::tfl::InterfaceType::UInt8, "uint8", "uint8"),
          clEnumValN(::tflc::tfl::InterfaceType::Int16, "int16", "int16"))}]>;

def QuantizeIntegersPass : Pass<"tfl-quantize-integers", "::mlir::ModuleOp"> {
  let summary = "make operators compute with int8 or int16";
  let description = [{
    Quantizes activations, weights and biases of all operators that have a kernel for it and whose tensors have a range (`tfl.ranges`
    of calibration, or `tfl.given_types` of the model). Tensors that must have one scale are joined first; operators that stay in float stand between
    DEQUANTIZE and QUANTIZE. Unless `allow-float`, they are errors, and nothing is changed.

    Ranges that the model brings are taken in the width of the mode. `only-given` touches no other function.

    Behind an operator that stays in float, one that needs the same scale for several tensors stays in float, too, with what
    follows, where that saves conversions.
  }];
  let options = [
    Option<"mode", "mode", "::tflc::tfl::QuantizationMode", "::tflc::tfl::QuantizationMode::Int8", "int8 or int16x8",
      [{::llvm::cl::values(
        clEnumValN(::tflc::tfl::QuantizationMode::Int8, "int8", "int8 activations"),
        clEnumValN(::tflc::tfl::QuantizationMode::Int16x8, "int16x8", "int16 activations, int8 weights"))}]>,
    InterfaceOption<"inputs">,
    InterfaceOption<"outputs">,
    Option<"clipWeights", "clip-weights", "bool", "false", "clip weights where that makes their squared error less">,
    Option<"allowFloat", "allow-float", "bool", "false", "leave operators without a kernel in float">,
    Option<"onlyGiven", "only-given", "bool", "false", "only where the model brings types">
  ];
}

#endif

//===- WeightPasses.td - passes that prepare weights -----------*- tablegen -*-===//
//
// Part of tflc, under the Apache License 2.0.
//
//===----------------------------------------------------------------------===//

#ifndef TFLC_TFL_WEIGHT_PASSES
#define TFLC_TFL_WEIGHT_PASSES

include "mlir/Pass/PassBase.td"

def EqualizeLayersPass : Pass<"tfl-equalize-layers", "::mlir::func::FuncOp"> {
  let summary = "make the channels between two layers equally wide";
  let description = [{
    Where the result of a layer goes to another one only, with nothing or RELU in between, channel c of it may be divided by any s > 0
    if the second layer's weights for c are multiplied by it. With r1 the largest weight that makes c and r2 the largest that reads it,
    s = sqrt(r1 / r2) gives both the same range (Nagel et al., "Data-Free Quantization Through Weight Equalization and Bias Correction",
    2019). s is rounded to a power of two, so that the float model computes the same bits as before. Comes before calibration.

    ```mlir
    // weights [[8.0], [0.5]], then [[0.5, 8.0]]
    %1 = tfl.fully_connected %0, %w1 {fused_activation_function = "RELU"} ...
    %2 = tfl.fully_connected %1, %w2 ...
    // becomes weights [[2.0], [2.0]], then [[2.0, 2.0]]
    ```
  }];
}

def CorrectBiasesPass : Pass<"tfl-correct-biases", "::mlir::func::FuncOp"> {
  let summary = "make up for the mean error of quantized weights";
  let description = [{
    The errors of rounded weights, times the mean of the inputs (`tfl.input_means` of calibration), move the results of a layer by the
    same amount for all data. The bias takes it back: b(o) -= sum over k of mean(x(k)) * (quantized w(o, k) - w(o, k)). Borders, where padding
    stands for inputs, count like the others.

    ```mlir
    %y = tfl.fully_connected %x, %w, %b {tfl.input_means = array<f32: 1.0, 2.0>} ...
    ```
  }];
  let options = [
    Option<"clipWeights", "clip-weights", "bool", "false", "the weights will be clipped where that makes their error less">
  ];
}

def RoundWeightsPass : Pass<"tfl-round-weights", "::mlir::func::FuncOp"> {
  let summary = "choose weights of four bits";
  let description = [{
    Gives the weights of operators whose kernels read int4 a type of four bits, a scale for each channel, clipped where that makes
    their squared error less, and rounds them to it. With `tfl.input_products` of calibration, the means of the products of
    any two input channels, they are rounded by GPTQ: each weight's error is made up for by those that follow. Smaller
    constants than `min-elements` stay as they are. `tfl.weight_bits` of an operator counts more than the option `bits`.

    With `block`, beside float activations, operators whose kernels read that have a scale for each block of so many neighbours in a row of weights.
    It is rounded to float16, as the file has it, and chosen (clipped as above) when GPTQ comes to the block, for the weights as the errors before
    have moved them. Where a kernel reads no blocks, or a row is no whole number of them, channels have a scale each; a warning says
    so where the operator's own `tfl.weight_block`, which counts more than the option, asks for blocks, and where nothing has any.

    ```mlir
    %w = tfl.const dense<...> : tensor<8x64xf32> -> tensor<8x64xf32>
    // becomes weights that are multiples of their block's scale
    %w = tfl.const dense<...> : tensor<8x64xf32> {tfl.given_types = [!quant.uniform<i4:f32:{0:1, 1:32}, {{...}}>]} -> tensor<8x64xf32>
    ```
  }];
  let options = [
    Option<"bits", "bits", "unsigned", "4", "4, or 8 to leave alone all operators without an attribute">,
    Option<"block", "block", "unsigned", "0", "how many neighbours share a scale (0: all of a channel)">,
    Option<"hybrid", "hybrid", "bool", "false", "for float activations">,
    Option<"correctBiases", "correct-biases", "bool", "false", "make up for the mean error, as tfl-correct-biases does">,
    Option<"minElements", "min-elements", "int64_t", "1024", "leave smaller constants alone">
  ];
}

#endif

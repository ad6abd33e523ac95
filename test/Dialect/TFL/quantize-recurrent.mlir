// RUN: tflc-opt %s -tfl-quantize-integers=allow-float | FileCheck %s
// RUN: tflc-opt %s -tfl-quantize-dynamic-range=min-elements=4 | FileCheck %s --check-prefix=HYBRID

// int8 input, weights and output state, int32 biases, an int16 cell state; the last intermediate is like the result.
// CHECK: module attributes
// CHECK-LABEL: @lstm
// CHECK-DAG: %[[W:.*]] = tfl.const {{.*}} -> tensor<2x2x!quant.uniform<i8:f32
// CHECK-DAG: tfl.const {{.*}} -> tensor<2x!quant.uniform<i32:f32
// CHECK-DAG: %[[H:.*]] = tfl.variable_tensor {{ *}}{variable = "main.0"} : () -> tensor<1x2x!quant.uniform<i8:f32, [[S:[0-9.]+]]>>
// CHECK-DAG: %[[C:.*]] = tfl.variable_tensor {{ *}}{variable = "main.1"} : () -> tensor<1x2x!quant.uniform<i16:f32, 4.8828125E-4>>
// CHECK: tfl.unidirectional_sequence_lstm {{.*}} intermediates = [tensor<0xf32>, tensor<0xf32>, tensor<0xf32>, tensor<0xf32>, tensor<0x!quant.uniform<i8:f32, [[S]]>>]
// CHECK-SAME: -> tensor<1x3x2x!quant.uniform<i8:f32, [[S]]>>

// HYBRID: module attributes {tfl.operator_versions = {{[{]}}UNIDIRECTIONAL_SEQUENCE_LSTM = 3 : i32}}
// HYBRID-LABEL: @lstm
// HYBRID: tfl.const {{.*}} -> tensor<2x2x!quant.uniform<i8:f32
// HYBRID: tfl.variable_tensor {{ *}}{variable = "main.0"} : () -> tensor<1x2xf32>
// HYBRID: asymmetric_quantize_inputs = true
func.func @lstm(%x: tensor<1x3x2xf32> {tfl.range = array<f32: -51.0, 76.5>}) -> tensor<1x3x2xf32> {
  %n = tfl.no_value : none
  %w = tfl.const dense<[[64.0, 127.0], [-254.0, 0.0]]> : tensor<2x2xf32> -> tensor<2x2xf32>
  %b = tfl.const dense<2.0> : tensor<2xf32> -> tensor<2xf32>
  %h = tfl.variable_tensor {variable = "main.0"} : () -> tensor<1x2xf32>
  %c = tfl.variable_tensor {variable = "main.1"} : () -> tensor<1x2xf32>
  %y = tfl.unidirectional_sequence_lstm %x, %w, %w, %w, %w, %w, %w, %w, %w, %n, %n, %n, %b, %b, %b, %b, %n, %n, %h, %c, %n, %n, %n, %n
    {fused_activation_function = "TANH", tfl.ranges = array<f32: -0.64, 0.635>} : (tensor<1x3x2xf32>, tensor<2x2xf32>, tensor<2x2xf32>, tensor<2x2xf32>, tensor<2x2xf32>, tensor<2x2xf32>, tensor<2x2xf32>, tensor<2x2xf32>, tensor<2x2xf32>, none, none, none, tensor<2xf32>, tensor<2xf32>, tensor<2xf32>, tensor<2xf32>, none, none, tensor<1x2xf32>, tensor<1x2xf32>, none, none, none, none) -> tensor<1x3x2xf32>
  return %y : tensor<1x3x2xf32>
}

// Peephole weights have no rule.
// CHECK-LABEL: @peephole
// CHECK: tfl.unidirectional_sequence_lstm {{.*}} -> tensor<1x3x2xf32>
// HYBRID-LABEL: @peephole
// HYBRID-NOT: !quant
// HYBRID: tfl.unidirectional_sequence_lstm
func.func @peephole(%x: tensor<1x3x2xf32> {tfl.range = array<f32: -51.0, 76.5>}) -> tensor<1x3x2xf32> {
  %n = tfl.no_value : none
  %w = tfl.const dense<[[64.0, 127.0], [-254.0, 0.0]]> : tensor<2x2xf32> -> tensor<2x2xf32>
  %b = tfl.const dense<2.0> : tensor<2xf32> -> tensor<2xf32>
  %h = tfl.variable_tensor {variable = "main.2"} : () -> tensor<1x2xf32>
  %c = tfl.variable_tensor {variable = "main.3"} : () -> tensor<1x2xf32>
  %y = tfl.unidirectional_sequence_lstm %x, %w, %w, %w, %w, %w, %w, %w, %w, %b, %b, %b, %b, %b, %b, %b, %n, %n, %h, %c, %n, %n, %n, %n
    {fused_activation_function = "TANH", tfl.ranges = array<f32: -0.64, 0.635>} : (tensor<1x3x2xf32>, tensor<2x2xf32>, tensor<2x2xf32>, tensor<2x2xf32>, tensor<2x2xf32>, tensor<2x2xf32>, tensor<2x2xf32>, tensor<2x2xf32>, tensor<2x2xf32>, tensor<2xf32>, tensor<2xf32>, tensor<2xf32>, tensor<2xf32>, tensor<2xf32>, tensor<2xf32>, tensor<2xf32>, none, none, tensor<1x2xf32>, tensor<1x2xf32>, none, none, none, none) -> tensor<1x3x2xf32>
  return %y : tensor<1x3x2xf32>
}

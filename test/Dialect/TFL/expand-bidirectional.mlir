// RUN: tflc-opt %s -tfl-expand-for-integers=mode=int8 | FileCheck %s --check-prefixes=CHECK,INT8
// RUN: tflc-opt %s -tfl-expand-for-integers=mode=int16x8 | FileCheck %s --check-prefixes=CHECK,INT16

// The backward layer is a layer over the steps in reverse order, and so are its results.
// CHECK-LABEL: @merged
// INT8-SAME: (%[[X:.*]]: tensor<1x3x2xf32>)
// INT8: %[[F:.*]] = tfl.unidirectional_sequence_lstm %[[X]]
// INT8-SAME: (tensor<1x3x2xf32>, {{.*}}) -> tensor<1x3x4xf32>
// INT8: %[[TIME:.*]] = tfl.const dense<1> : tensor<1xi32>
// INT8: %[[R:.*]] = tfl.reverse_v2 %[[X]], %[[TIME]]
// INT8: %[[B:.*]] = tfl.unidirectional_sequence_lstm %[[R]]
// INT8: %[[RB:.*]] = tfl.reverse_v2 %[[B]]
// INT8: tfl.concatenation %[[F]], %[[RB]] {axis = 2
// INT16: tfl.bidirectional_sequence_lstm
func.func @merged(%x: tensor<1x3x2xf32>) -> tensor<1x3x8xf32> {
  %n = tfl.no_value : none
  %w = tfl.const dense<0.5> : tensor<4x2xf32> -> tensor<4x2xf32>
  %r = tfl.const dense<0.25> : tensor<4x4xf32> -> tensor<4x4xf32>
  %b = tfl.const dense<0.0> : tensor<4xf32> -> tensor<4xf32>
  %s0 = tfl.variable_tensor {variable = "main.0"} : () -> tensor<1x4xf32>
  %s1 = tfl.variable_tensor {variable = "main.1"} : () -> tensor<1x4xf32>
  %s2 = tfl.variable_tensor {variable = "main.2"} : () -> tensor<1x4xf32>
  %s3 = tfl.variable_tensor {variable = "main.3"} : () -> tensor<1x4xf32>
  %y = tfl.bidirectional_sequence_lstm %x, %w, %w, %w, %w, %r, %r, %r, %r, %n, %n, %n, %b, %b, %b, %b, %n, %n,
      %w, %w, %w, %w, %r, %r, %r, %r, %n, %n, %n, %b, %b, %b, %b, %n, %n, %s0, %s1, %s2, %s3, %n, %n, %n, %n, %n, %n, %n, %n, %n
      {fused_activation_function = "TANH", merge_outputs = true, time_major = false}
      : (tensor<1x3x2xf32>, tensor<4x2xf32>, tensor<4x2xf32>, tensor<4x2xf32>, tensor<4x2xf32>,
         tensor<4x4xf32>, tensor<4x4xf32>, tensor<4x4xf32>, tensor<4x4xf32>, none, none, none,
         tensor<4xf32>, tensor<4xf32>, tensor<4xf32>, tensor<4xf32>, none, none,
         tensor<4x2xf32>, tensor<4x2xf32>, tensor<4x2xf32>, tensor<4x2xf32>,
         tensor<4x4xf32>, tensor<4x4xf32>, tensor<4x4xf32>, tensor<4x4xf32>, none, none, none,
         tensor<4xf32>, tensor<4xf32>, tensor<4xf32>, tensor<4xf32>, none, none,
         tensor<1x4xf32>, tensor<1x4xf32>, tensor<1x4xf32>, tensor<1x4xf32>,
         none, none, none, none, none, none, none, none, none) -> tensor<1x3x8xf32>
  return %y : tensor<1x3x8xf32>
}

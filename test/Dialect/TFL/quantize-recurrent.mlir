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

// HYBRID: module attributes {{{.*}}UNIDIRECTIONAL_SEQUENCE_LSTM = 3 : i32}}
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

// States of an open batch are filled anew; they get the types that the kernel expects.
// CHECK-LABEL: @filled
// CHECK: tfl.fill {{.*}} -> tensor<?x2x!quant.uniform<i8:f32, [[S:[0-9.]+]]>>
// CHECK: tfl.fill {{.*}} -> tensor<?x2x!quant.uniform<i16:f32, 4.8828125E-4>>
// CHECK: tfl.unidirectional_sequence_lstm {{.*}} -> tensor<?x3x2x!quant.uniform<i8:f32, [[S]]>>
// HYBRID-LABEL: @filled
// HYBRID: tfl.fill {{.*}} -> tensor<?x2xf32>
func.func @filled(%x: tensor<?x3x2xf32> {tfl.range = array<f32: -51.0, 76.5>}, %dims: tensor<2xi32>) -> tensor<?x3x2xf32> {
  %n = tfl.no_value : none
  %w = tfl.const dense<[[64.0, 127.0], [-254.0, 0.0]]> : tensor<2x2xf32> -> tensor<2x2xf32>
  %b = tfl.const dense<2.0> : tensor<2xf32> -> tensor<2xf32>
  %zero = tfl.const dense<0.0> : tensor<f32> -> tensor<f32>
  %h = tfl.fill %dims, %zero {tfl.ranges = array<f32: 0.0, 0.0>} : (tensor<2xi32>, tensor<f32>) -> tensor<?x2xf32>
  %c = tfl.fill %dims, %zero {tfl.ranges = array<f32: 0.0, 0.0>} : (tensor<2xi32>, tensor<f32>) -> tensor<?x2xf32>
  %y = tfl.unidirectional_sequence_lstm %x, %w, %w, %w, %w, %w, %w, %w, %w, %n, %n, %n, %b, %b, %b, %b, %n, %n, %h, %c, %n, %n, %n, %n
    {fused_activation_function = "TANH", tfl.ranges = array<f32: -0.64, 0.635>} : (tensor<?x3x2xf32>, tensor<2x2xf32>, tensor<2x2xf32>, tensor<2x2xf32>, tensor<2x2xf32>, tensor<2x2xf32>, tensor<2x2xf32>, tensor<2x2xf32>, tensor<2x2xf32>, none, none, none, tensor<2xf32>, tensor<2xf32>, tensor<2xf32>, tensor<2xf32>, none, none, tensor<?x2xf32>, tensor<?x2xf32>, none, none, none, none) -> tensor<?x3x2xf32>
  return %y : tensor<?x3x2xf32>
}

// Peephole weights have 16 bits.
// CHECK-LABEL: @peephole
// CHECK-DAG: tfl.const dense<[-4, 32767]> : tensor<2xi16> -> tensor<2x!quant.uniform<i16:f32, 1.000000e+00>>
// CHECK: tfl.unidirectional_sequence_lstm {{.*}} -> tensor<1x3x2x!quant.uniform<i8:f32
// HYBRID-LABEL: @peephole
// HYBRID-NOT: !quant
// HYBRID: tfl.unidirectional_sequence_lstm
func.func @peephole(%x: tensor<1x3x2xf32> {tfl.range = array<f32: -51.0, 76.5>}) -> tensor<1x3x2xf32> {
  %n = tfl.no_value : none
  %w = tfl.const dense<[[64.0, 127.0], [-254.0, 0.0]]> : tensor<2x2xf32> -> tensor<2x2xf32>
  %v = tfl.const dense<1.0> : tensor<2xf32> -> tensor<2xf32>
  %b = tfl.const dense<2.0> : tensor<2xf32> -> tensor<2xf32>
  %p = tfl.const dense<[-4.0, 32767.0]> : tensor<2xf32> -> tensor<2xf32>
  %l = tfl.const dense<[1024.0, 32767.0]> : tensor<2xf32> -> tensor<2xf32>
  %h = tfl.variable_tensor {variable = "main.2"} : () -> tensor<1x2xf32>
  %c = tfl.variable_tensor {variable = "main.3"} : () -> tensor<1x2xf32>
  %y = tfl.unidirectional_sequence_lstm %x, %w, %w, %w, %w, %w, %w, %w, %w, %p, %p, %p, %b, %b, %b, %b, %n, %n, %h, %c, %n, %n, %n, %n
    {fused_activation_function = "TANH", tfl.ranges = array<f32: -0.64, 0.635>} : (tensor<1x3x2xf32>, tensor<2x2xf32>, tensor<2x2xf32>, tensor<2x2xf32>, tensor<2x2xf32>, tensor<2x2xf32>, tensor<2x2xf32>, tensor<2x2xf32>, tensor<2x2xf32>, tensor<2xf32>, tensor<2xf32>, tensor<2xf32>, tensor<2xf32>, tensor<2xf32>, tensor<2xf32>, tensor<2xf32>, none, none, tensor<1x2xf32>, tensor<1x2xf32>, none, none, none, none) -> tensor<1x3x2xf32>
  return %y : tensor<1x3x2xf32>
}

// What is projected lies between -1 and 1; the bias has its scale times that of the weights.
// CHECK-LABEL: @projection
// CHECK-DAG: tfl.const dense<128> : tensor<2xi32> -> tensor<2x!quant.uniform<i32:f32, 1.562500e-02>>
// CHECK: tfl.unidirectional_sequence_lstm {{.*}} intermediates = [tensor<0xf32>, tensor<0xf32>, tensor<0xf32>, tensor<0xf32>, tensor<0x!quant.uniform<i8:f32, 7.812500e-03>>]
// HYBRID-LABEL: @projection
// HYBRID: tfl.unidirectional_sequence_lstm {{.*}}!quant.uniform<i8:f32
func.func @projection(%x: tensor<1x3x2xf32> {tfl.range = array<f32: -51.0, 76.5>}) -> tensor<1x3x2xf32> {
  %n = tfl.no_value : none
  %w = tfl.const dense<[[64.0, 127.0], [-254.0, 0.0]]> : tensor<2x2xf32> -> tensor<2x2xf32>
  %v = tfl.const dense<1.0> : tensor<2xf32> -> tensor<2xf32>
  %b = tfl.const dense<2.0> : tensor<2xf32> -> tensor<2xf32>
  %p = tfl.const dense<[-4.0, 32767.0]> : tensor<2xf32> -> tensor<2xf32>
  %l = tfl.const dense<[1024.0, 32767.0]> : tensor<2xf32> -> tensor<2xf32>
  %h = tfl.variable_tensor {variable = "main.4"} : () -> tensor<1x2xf32>
  %c = tfl.variable_tensor {variable = "main.5"} : () -> tensor<1x2xf32>
  %y = tfl.unidirectional_sequence_lstm %x, %w, %w, %w, %w, %w, %w, %w, %w, %n, %n, %n, %b, %b, %b, %b, %w, %b, %h, %c, %n, %n, %n, %n
    {fused_activation_function = "TANH", tfl.ranges = array<f32: -0.64, 0.635>} : (tensor<1x3x2xf32>, tensor<2x2xf32>, tensor<2x2xf32>, tensor<2x2xf32>, tensor<2x2xf32>, tensor<2x2xf32>, tensor<2x2xf32>, tensor<2x2xf32>, tensor<2x2xf32>, none, none, none, tensor<2xf32>, tensor<2xf32>, tensor<2xf32>, tensor<2xf32>, tensor<2x2xf32>, tensor<2xf32>, tensor<1x2xf32>, tensor<1x2xf32>, none, none, none, none) -> tensor<1x3x2xf32>
  return %y : tensor<1x3x2xf32>
}

// The sums that are normalized have 16 bits for all that input and state can make of them: 254 * 102 + 254 * 0.64; a bias has 2^-10 times the scale of
// the weights that come before it.
// CHECK-LABEL: @normalized
// CHECK-DAG: tfl.const dense<2048> : tensor<2xi32> -> tensor<2x!quant.uniform<i32:f32, 9.765625E-4>>
// CHECK-DAG: tfl.const dense<[1024, 32767]> : tensor<2xi16> -> tensor<2x!quant.uniform<i16:f32, 1.000000e+00>>
// CHECK: tfl.unidirectional_sequence_lstm {{.*}} intermediates = [tensor<0x!quant.uniform<i16:f32, {{[0-9.]+}}>>, {{.*}}, tensor<0x!quant.uniform<i8:f32, 0.00{{[0-9]*}}>>]
// HYBRID-LABEL: @normalized
// HYBRID-NOT: !quant
// HYBRID: tfl.unidirectional_sequence_lstm
func.func @normalized(%x: tensor<1x3x2xf32> {tfl.range = array<f32: -51.0, 76.5>}) -> tensor<1x3x2xf32> {
  %n = tfl.no_value : none
  %w = tfl.const dense<[[64.0, 127.0], [-254.0, 0.0]]> : tensor<2x2xf32> -> tensor<2x2xf32>
  %v = tfl.const dense<1.0> : tensor<2xf32> -> tensor<2xf32>
  %b = tfl.const dense<2.0> : tensor<2xf32> -> tensor<2xf32>
  %p = tfl.const dense<[-4.0, 32767.0]> : tensor<2xf32> -> tensor<2xf32>
  %l = tfl.const dense<[1024.0, 32767.0]> : tensor<2xf32> -> tensor<2xf32>
  %h = tfl.variable_tensor {variable = "main.6"} : () -> tensor<1x2xf32>
  %c = tfl.variable_tensor {variable = "main.7"} : () -> tensor<1x2xf32>
  %y = tfl.unidirectional_sequence_lstm %x, %w, %w, %w, %w, %w, %w, %w, %w, %n, %n, %n, %b, %b, %b, %b, %n, %n, %h, %c, %l, %l, %l, %l
    {fused_activation_function = "TANH", tfl.ranges = array<f32: -0.64, 0.635>} : (tensor<1x3x2xf32>, tensor<2x2xf32>, tensor<2x2xf32>, tensor<2x2xf32>, tensor<2x2xf32>, tensor<2x2xf32>, tensor<2x2xf32>, tensor<2x2xf32>, tensor<2x2xf32>, none, none, none, tensor<2xf32>, tensor<2xf32>, tensor<2xf32>, tensor<2xf32>, none, none, tensor<1x2xf32>, tensor<1x2xf32>, tensor<2xf32>, tensor<2xf32>, tensor<2xf32>, tensor<2xf32>) -> tensor<1x3x2xf32>
  return %y : tensor<1x3x2xf32>
}

// A diagonal matrix has another arithmetic.
// CHECK-LABEL: @diagonal
// CHECK: tfl.unidirectional_sequence_lstm {{.*}} -> tensor<1x3x2xf32>
// HYBRID-LABEL: @diagonal
// HYBRID-NOT: !quant
// HYBRID: tfl.unidirectional_sequence_lstm
func.func @diagonal(%x: tensor<1x3x2xf32> {tfl.range = array<f32: -51.0, 76.5>}) -> tensor<1x3x2xf32> {
  %n = tfl.no_value : none
  %w = tfl.const dense<[[64.0, 127.0], [-254.0, 0.0]]> : tensor<2x2xf32> -> tensor<2x2xf32>
  %v = tfl.const dense<1.0> : tensor<2xf32> -> tensor<2xf32>
  %b = tfl.const dense<2.0> : tensor<2xf32> -> tensor<2xf32>
  %p = tfl.const dense<[-4.0, 32767.0]> : tensor<2xf32> -> tensor<2xf32>
  %l = tfl.const dense<[1024.0, 32767.0]> : tensor<2xf32> -> tensor<2xf32>
  %h = tfl.variable_tensor {variable = "main.8"} : () -> tensor<1x2xf32>
  %c = tfl.variable_tensor {variable = "main.9"} : () -> tensor<1x2xf32>
  %y = tfl.unidirectional_sequence_lstm %x, %w, %w, %w, %w, %v, %v, %v, %v, %n, %n, %n, %b, %b, %b, %b, %n, %n, %h, %c, %n, %n, %n, %n
    {fused_activation_function = "TANH", tfl.ranges = array<f32: -0.64, 0.635>} : (tensor<1x3x2xf32>, tensor<2x2xf32>, tensor<2x2xf32>, tensor<2x2xf32>, tensor<2x2xf32>, tensor<2xf32>, tensor<2xf32>, tensor<2xf32>, tensor<2xf32>, none, none, none, tensor<2xf32>, tensor<2xf32>, tensor<2xf32>, tensor<2xf32>, none, none, tensor<1x2xf32>, tensor<1x2xf32>, none, none, none, none) -> tensor<1x3x2xf32>
  return %y : tensor<1x3x2xf32>
}

// The state holds products of input and features: at most 2 * 76.5 + 51. Weights of time and the state have 16 bits, and the bias their scales.
// CHECK-LABEL: @svdf
// CHECK-DAG: %[[T:.*]] = tfl.const {{.*}} : tensor<2x3xi16> -> tensor<2x3x!quant.uniform<i16:f32, 1.000000e+00>>
// CHECK-DAG: %[[S:.*]] = tfl.variable_tensor {{ *}}{variable = "main.10"} : () -> tensor<1x6x!quant.uniform<i16:f32, [[SCALE:[0-9.E-]+]]>>
// CHECK-DAG: tfl.const {{.*}} : tensor<1xi32> -> tensor<1x!quant.uniform<i32:f32, [[SCALE]]>>
// CHECK: tfl.svdf {{.*}}%[[T]], {{.*}}%[[S]] {{.*}} -> tensor<1x1x!quant.uniform<i8:f32
// HYBRID-LABEL: @svdf
// HYBRID: tfl.svdf {{.*}}tensor<2x3x!quant.uniform<i8:f32
// CHECK: tfl.svdf {{.*}}"TANH"{{.*}} -> tensor<1x1xf32>
func.func @svdf(%x: tensor<1x2xf32> {tfl.range = array<f32: -51.0, 76.5>}) -> (tensor<1x1xf32>, tensor<1x1xf32>) {
  %f = tfl.const dense<[[2.0, -1.0], [-0.5, 1.0]]> : tensor<2x2xf32> -> tensor<2x2xf32>
  %t = tfl.const dense<[[1.0, 32767.0, 2.0], [1.0, 2.0, 3.0]]> : tensor<2x3xf32> -> tensor<2x3xf32>
  %b = tfl.const dense<2.0> : tensor<1xf32> -> tensor<1xf32>
  %s = tfl.variable_tensor {variable = "main.10"} : () -> tensor<1x6xf32>
  %r = tfl.variable_tensor {variable = "main.11"} : () -> tensor<1x6xf32>
  %y = tfl.svdf %x, %f, %t, %b, %s {rank = 2 : i32, fused_activation_function = "RELU", tfl.ranges = array<f32: 0.0, 2.55>}
    : (tensor<1x2xf32>, tensor<2x2xf32>, tensor<2x3xf32>, tensor<1xf32>, tensor<1x6xf32>) -> tensor<1x1xf32>
  // No kernel for another activation function.
  %z = tfl.svdf %x, %f, %t, %b, %r {rank = 2 : i32, fused_activation_function = "TANH", tfl.ranges = array<f32: -1.0, 1.0>}
    : (tensor<1x2xf32>, tensor<2x2xf32>, tensor<2x3xf32>, tensor<1xf32>, tensor<1x6xf32>) -> tensor<1x1xf32>
  return %y, %z : tensor<1x1xf32>, tensor<1x1xf32>
}

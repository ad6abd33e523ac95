// RUN: tflc-opt %s -tfl-correct-biases | FileCheck %s

// A weight of 0.5 becomes 1, of scale 1; an input of 10 in the mean moves the result by 5.
// CHECK-LABEL: @dense
// CHECK: tfl.const dense<2.000000e+00> : tensor<1xf32>
func.func @dense(%x: tensor<1x2xf32>) -> tensor<1x1xf32> {
  %w = tfl.const dense<[[0.5, 127.0]]> : tensor<1x2xf32> -> tensor<1x2xf32>
  %b = tfl.const dense<7.0> : tensor<1xf32> -> tensor<1xf32>
  %0 = tfl.fully_connected %x, %w, %b {tfl.input_means = array<f32: 10.0, 3.0>} : (tensor<1x2xf32>, tensor<1x2xf32>, tensor<1xf32>) -> tensor<1x1xf32>
  return %0 : tensor<1x1xf32>
}

// Nothing is known of the input.
// CHECK-LABEL: @unknown
// CHECK: tfl.const dense<7.000000e+00> : tensor<1xf32>
func.func @unknown(%x: tensor<1x2xf32>) -> tensor<1x1xf32> {
  %w = tfl.const dense<[[0.5, 127.0]]> : tensor<1x2xf32> -> tensor<1x2xf32>
  %b = tfl.const dense<7.0> : tensor<1xf32> -> tensor<1xf32>
  %0 = tfl.fully_connected %x, %w, %b : (tensor<1x2xf32>, tensor<1x2xf32>, tensor<1xf32>) -> tensor<1x1xf32>
  return %0 : tensor<1x1xf32>
}

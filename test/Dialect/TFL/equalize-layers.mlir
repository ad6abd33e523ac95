// RUN: tflc-opt %s -tfl-equalize-layers | FileCheck %s

// Channel 0 is made by large weights and read by small ones; the bias goes with it.
// CHECK-LABEL: @pair
// CHECK-DAG: %[[A:.*]] = tfl.const dense<2.000000e+00> : tensor<2x1xf32>
// CHECK-DAG: %[[B:.*]] = tfl.const dense<[1.000000e+00, 1.600000e+01]> : tensor<2xf32>
// CHECK-DAG: %[[C:.*]] = tfl.const dense<2.000000e+00> : tensor<1x2xf32>
// CHECK: %[[R:.*]] = tfl.fully_connected %arg0, %[[A]], %[[B]]
// CHECK: tfl.fully_connected %[[R]], %[[C]]
func.func @pair(%x: tensor<1x1xf32>) -> tensor<1x1xf32> {
  %w1 = tfl.const dense<[[8.0], [0.5]]> : tensor<2x1xf32> -> tensor<2x1xf32>
  %b1 = tfl.const dense<[4.0, 4.0]> : tensor<2xf32> -> tensor<2xf32>
  %w2 = tfl.const dense<[[0.5, 8.0]]> : tensor<1x2xf32> -> tensor<1x2xf32>
  %0 = tfl.fully_connected %x, %w1, %b1 {fused_activation_function = "RELU"} : (tensor<1x1xf32>, tensor<2x1xf32>, tensor<2xf32>) -> tensor<1x2xf32>
  %1 = tfl.fully_connected %0, %w2 : (tensor<1x2xf32>, tensor<1x2xf32>) -> tensor<1x1xf32>
  return %1 : tensor<1x1xf32>
}

// RELU6 is not the same at another scale.
// CHECK-LABEL: @clamped
func.func @clamped(%x: tensor<1x1xf32>) -> tensor<1x1xf32> {
  // CHECK: tfl.const dense<{{\[\[}}8.000000e+00], [5.000000e-01]]>
  %w1 = tfl.const dense<[[8.0], [0.5]]> : tensor<2x1xf32> -> tensor<2x1xf32>
  %w2 = tfl.const dense<[[0.5, 8.0]]> : tensor<1x2xf32> -> tensor<1x2xf32>
  %0 = tfl.fully_connected %x, %w1 {fused_activation_function = "RELU6"} : (tensor<1x1xf32>, tensor<2x1xf32>) -> tensor<1x2xf32>
  %1 = tfl.fully_connected %0, %w2 : (tensor<1x2xf32>, tensor<1x2xf32>) -> tensor<1x1xf32>
  return %1 : tensor<1x1xf32>
}

// Somebody else sees the channels as they are.
// CHECK-LABEL: @seen
func.func @seen(%x: tensor<1x1xf32>) -> (tensor<1x2xf32>, tensor<1x1xf32>) {
  // CHECK: tfl.const dense<{{\[\[}}8.000000e+00], [5.000000e-01]]>
  %w1 = tfl.const dense<[[8.0], [0.5]]> : tensor<2x1xf32> -> tensor<2x1xf32>
  %w2 = tfl.const dense<[[0.5, 8.0]]> : tensor<1x2xf32> -> tensor<1x2xf32>
  %0 = tfl.fully_connected %x, %w1 : (tensor<1x1xf32>, tensor<2x1xf32>) -> tensor<1x2xf32>
  %1 = tfl.fully_connected %0, %w2 : (tensor<1x2xf32>, tensor<1x2xf32>) -> tensor<1x1xf32>
  return %0, %1 : tensor<1x2xf32>, tensor<1x1xf32>
}

// Depthwise: each channel of the input has results of its own. The first two, [16, 1] by [1, 1], are balanced.
// CHECK-LABEL: @depthwise
// CHECK-DAG: tfl.const dense<{{\[\[\[\[}}4.000000e+00]]], {{\[\[\[}}1.000000e+00]]]]> : tensor<2x1x1x1xf32>
// CHECK-DAG: tfl.const dense<{{\[\[\[\[}}4.000000e+00, 1.000000e+00]]]]> : tensor<1x1x1x2xf32>
func.func @depthwise(%x: tensor<1x1x1x1xf32>) -> tensor<1x1x1x2xf32> {
  %w1 = tfl.const dense<[[[[16.0]]], [[[1.0]]]]> : tensor<2x1x1x1xf32> -> tensor<2x1x1x1xf32>
  %b = tfl.const dense<0.0> : tensor<2xf32> -> tensor<2xf32>
  %w2 = tfl.const dense<1.0> : tensor<1x1x1x2xf32> -> tensor<1x1x1x2xf32>
  %0 = tfl.conv_2d %x, %w1, %b {padding = "VALID", stride_w = 1 : i32, stride_h = 1 : i32, dilation_w_factor = 1 : i32, dilation_h_factor = 1 : i32, fused_activation_function = "NONE"} : (tensor<1x1x1x1xf32>, tensor<2x1x1x1xf32>, tensor<2xf32>) -> tensor<1x1x1x2xf32>
  %1 = tfl.depthwise_conv_2d %0, %w2, %b {padding = "VALID", stride_w = 1 : i32, stride_h = 1 : i32, dilation_w_factor = 1 : i32, dilation_h_factor = 1 : i32, depth_multiplier = 1 : i32, fused_activation_function = "NONE"} : (tensor<1x1x1x2xf32>, tensor<1x1x1x2xf32>, tensor<2xf32>) -> tensor<1x1x1x2xf32>
  return %1 : tensor<1x1x1x2xf32>
}

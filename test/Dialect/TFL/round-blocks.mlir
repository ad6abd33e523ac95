// RUN: tflc-opt %s -tfl-round-weights="min-elements=2 hybrid block=2" -tfl-quantize-dynamic-range=min-elements=2 -split-input-file -verify-diagnostics | FileCheck %s

// Each block has a scale of its own.
// CHECK: FULLY_CONNECTED = 12 : i32
// CHECK-LABEL: @dense
// CHECK: %[[W:.*]] = tfl.const dense<{{\[\[}}7, 1, 7, 2]]> : tensor<1x4xi4> -> tensor<1x4x!quant.uniform<i4:f32:{0:1, 1:2}, {{[{][{]}}1.000000e+00, 2.000000e+00{{[}][}]}}>>
// CHECK: tfl.fully_connected %arg0, %[[W]] {asymmetric_quantize_inputs = true}
func.func @dense(%x: tensor<1x4xf32>) -> tensor<1x1xf32> {
  %w = tfl.const dense<[[7.0, 1.0, 14.0, 4.0]]> : tensor<1x4xf32> -> tensor<1x4xf32>
  %0 = tfl.fully_connected %x, %w : (tensor<1x4xf32>, tensor<1x4xf32>) -> tensor<1x1xf32>
  return %0 : tensor<1x1xf32>
}

// The second and the third input are always the same: the third weight makes up for the error of the second, and its block's scale,
// a float16, is chosen for what it is then.
// CHECK-LABEL: @moved
// CHECK: tfl.const dense<{{\[\[}}7, 1, 7, 2]]> : tensor<1x4xi4> -> tensor<1x4x!quant.uniform<i4:f32:{0:1, 1:2}, {{[{][{]}}1.000000e+00, 2.05{{[0-9]*}}{{[}][}]}}>>
func.func @moved(%x: tensor<1x4xf32>) -> tensor<1x1xf32> {
  %w = tfl.const dense<[[7.0, 1.4, 14.0, 4.0]]> : tensor<1x4xf32> -> tensor<1x4xf32>
  %0 = tfl.fully_connected %x, %w {tfl.input_products = array<f32: 1.0, 0.0, 0.0, 0.0, 0.0, 1.0, 1.0, 0.0, 0.0, 1.0, 1.0, 0.0, 0.0, 0.0, 0.0, 1.0>}
    : (tensor<1x4xf32>, tensor<1x4xf32>) -> tensor<1x1xf32>
  return %0 : tensor<1x1xf32>
}

// CHECK-LABEL: @table
// CHECK: tfl.const {{.*}} : tensor<2x4xi4> -> tensor<2x4x!quant.uniform<i4:f32:{0:1, 1:2}, {{[{][{]}}1.000000e+00, 2.000000e+00}, {3.000000e+00, 1.000000e+00{{[}][}]}}>>
func.func @table(%i: tensor<1xi32>) -> tensor<1x4xf32> {
  %t = tfl.const dense<[[7.0, 1.0, 14.0, 2.0], [21.0, 3.0, 7.0, 2.0]]> : tensor<2x4xf32> -> tensor<2x4xf32>
  %0 = tfl.embedding_lookup %i, %t : (tensor<1xi32>, tensor<2x4xf32>) -> tensor<1x4xf32>
  return %0 : tensor<1x4xf32>
}

// -----

// Rows that are no whole blocks have a scale for each channel, which a warning says where nothing else has blocks.
// CHECK-LABEL: @odd
// CHECK: tfl.const {{.*}} : tensor<2x3xi4> -> tensor<2x3x!quant.uniform<i4:f32:0, {
func.func @odd(%x: tensor<1x3xf32>) -> tensor<1x2xf32> {
  %w = tfl.const dense<[[7.0, 1.0, 1.0], [14.0, 2.0, 4.0]]> : tensor<2x3xf32> -> tensor<2x3xf32>
  // expected-warning @+1 {{its rows of weights are no whole blocks; each channel has a scale}}
  %0 = tfl.fully_connected %x, %w : (tensor<1x3xf32>, tensor<2x3xf32>) -> tensor<1x2xf32>
  return %0 : tensor<1x2xf32>
}

// -----

// Convolutions have no kernel for blocks. The option says nothing about them; a rule of their own does.
// CHECK-LABEL: @mixed
// CHECK: tfl.const {{.*}} : tensor<2x1x1x2xi4> -> tensor<2x1x1x2x!quant.uniform<i4:f32:0, {
// CHECK: tensor<2x4x!quant.uniform<i4:f32:{0:1, 1:2}
func.func @mixed(%x: tensor<1x1x2x2xf32>) -> (tensor<1x1x2x2xf32>, tensor<1x1x2x2xf32>, tensor<1x2xf32>) {
  %f = tfl.const dense<[[[[7.0, 1.0]]], [[[14.0, 2.0]]]]> : tensor<2x1x1x2xf32> -> tensor<2x1x1x2xf32>
  %w = tfl.const dense<[[7.0, 1.0, 14.0, 4.0], [7.0, 1.0, 14.0, 4.0]]> : tensor<2x4xf32> -> tensor<2x4xf32>
  %0 = tfl.conv_2d %x, %f {padding = "VALID", stride_w = 1 : i32, stride_h = 1 : i32} : (tensor<1x1x2x2xf32>, tensor<2x1x1x2xf32>) -> tensor<1x1x2x2xf32>
  // expected-warning @+1 {{no kernel reads a scale for each block of its weights; each channel has a scale}}
  %1 = tfl.conv_2d %x, %f {padding = "VALID", stride_w = 1 : i32, stride_h = 1 : i32, tfl.weight_block = 2 : i64} : (tensor<1x1x2x2xf32>, tensor<2x1x1x2xf32>) -> tensor<1x1x2x2xf32>
  %2 = tfl.fully_connected %x, %w : (tensor<1x1x2x2xf32>, tensor<2x4xf32>) -> tensor<1x2xf32>
  return %0, %1, %2 : tensor<1x1x2x2xf32>, tensor<1x1x2x2xf32>, tensor<1x2xf32>
}

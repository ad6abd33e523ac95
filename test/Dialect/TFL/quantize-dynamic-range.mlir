// RUN: tflc-opt %s -tfl-quantize-dynamic-range=min-elements=4 | FileCheck %s

// CHECK: module attributes {tfl.operator_versions = {DEQUANTIZE = 2 : i32, FULLY_CONNECTED = 12 : i32, GATHER = 2 : i32, TRANSPOSE_CONV = 3 : i32}}

// A scale for each row of the weights; the bias stays.
// CHECK-LABEL: @dense
func.func @dense(%x: tensor<1x2xf32>) -> tensor<1x2xf32> {
  // CHECK-DAG: %[[W:.*]] = tfl.const dense<{{\[\[}}64, 127], [-127, 0]]> : tensor<2x2xi8> -> tensor<2x2x!quant.uniform<i8:f32:0, {1.000000e+00,2.000000e+00}>>
  // CHECK-DAG: %[[B:.*]] = tfl.const dense<1.000000e+00> : tensor<2xf32>
  // CHECK: tfl.fully_connected %arg0, %[[W]], %[[B]] {asymmetric_quantize_inputs = true}
  %w = tfl.const dense<[[64.0, 127.0], [-254.0, 0.0]]> : tensor<2x2xf32> -> tensor<2x2xf32>
  %b = tfl.const dense<1.0> : tensor<2xf32> -> tensor<2xf32>
  %0 = tfl.fully_connected %x, %w, %b : (tensor<1x2xf32>, tensor<2x2xf32>, tensor<2xf32>) -> tensor<1x2xf32>
  return %0 : tensor<1x2xf32>
}

// Too small to be worth it.
// CHECK-LABEL: @small
func.func @small(%x: tensor<1x2xf32>) -> tensor<1x1xf32> {
  // CHECK: tfl.const {{.*}} : tensor<1x2xf32>
  %w = tfl.const dense<[[64.0, 127.0]]> : tensor<1x2xf32> -> tensor<1x2xf32>
  %0 = tfl.fully_connected %x, %w : (tensor<1x2xf32>, tensor<1x2xf32>) -> tensor<1x1xf32>
  return %0 : tensor<1x1xf32>
}

// Rows of a table are dequantized after they have been picked.
// CHECK-LABEL: @table
func.func @table(%i: tensor<1xi32>) -> tensor<1x2xf32> {
  // CHECK: %[[R:.*]] = tfl.gather {{.*}} -> tensor<1x2x!quant.uniform<i8:f32, 1.000000e+00>>
  // CHECK: tfl.dequantize %[[R]]
  %t = tfl.const dense<[[64.0, 127.0], [-127.0, 0.0]]> : tensor<2x2xf32> -> tensor<2x2xf32>
  %0 = tfl.gather %t, %i {axis = 0 : i32, batch_dims = 0 : i32} : (tensor<2x2xf32>, tensor<1xi32>) -> tensor<1x2xf32>
  return %0 : tensor<1x2xf32>
}

// Weights that are computed have no constant to store.
// CHECK-LABEL: @computed
func.func @computed(%x: tensor<1x2xf32>, %w: tensor<2x2xf32>) -> tensor<1x2xf32> {
  // CHECK: tfl.fully_connected %arg0, %arg1 :
  %0 = tfl.fully_connected %x, %w : (tensor<1x2xf32>, tensor<2x2xf32>) -> tensor<1x2xf32>
  return %0 : tensor<1x2xf32>
}

// The weights of a transposed convolution come second, with a scale for each output channel.
// CHECK-LABEL: @transposed
func.func @transposed(%x: tensor<1x1x1x2xf32>) -> tensor<1x1x1x2xf32> {
  %s = tfl.const dense<[1, 1, 1, 2]> : tensor<4xi32> -> tensor<4xi32>
  %w = tfl.const dense<[[[[64.0, 127.0]]], [[[-254.0, 0.0]]]]> : tensor<2x1x1x2xf32> -> tensor<2x1x1x2xf32>
  // CHECK: tfl.transpose_conv {{.*}}tensor<2x1x1x2x!quant.uniform<i8:f32:0, {1.000000e+00,2.000000e+00}>>, tensor<1x1x1x2xf32>
  %0 = tfl.transpose_conv %s, %w, %x {padding = "SAME", stride_w = 1 : i32, stride_h = 1 : i32} : (tensor<4xi32>, tensor<2x1x1x2xf32>, tensor<1x1x1x2xf32>) -> tensor<1x1x1x2xf32>
  return %0 : tensor<1x1x1x2xf32>
}

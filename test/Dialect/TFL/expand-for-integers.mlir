// RUN: tflc-opt %s -tfl-expand-for-integers=mode=int8 | FileCheck %s --check-prefixes=CHECK,INT8
// RUN: tflc-opt %s -tfl-expand-for-integers=mode=int16x8 | FileCheck %s --check-prefixes=CHECK,INT16

// CHECK-LABEL: @square
func.func @square(%x: tensor<2xf32>) -> tensor<2xf32> {
  // CHECK: tfl.mul %arg0, %arg0
  %0 = tfl.square %x : (tensor<2xf32>) -> tensor<2xf32>
  return %0 : tensor<2xf32>
}

// CHECK-LABEL: @neg
func.func @neg(%x: tensor<2xf32>) -> tensor<2xf32> {
  // CHECK: %[[C:.*]] = tfl.const dense<-1.000000e+00> : tensor<f32>
  // CHECK: tfl.mul %arg0, %[[C]]
  %0 = tfl.neg %x : (tensor<2xf32>) -> tensor<2xf32>
  return %0 : tensor<2xf32>
}

// CHECK-LABEL: @squared_difference
func.func @squared_difference(%x: tensor<2xf32>, %y: tensor<2xf32>) -> tensor<2xf32> {
  // INT8: tfl.squared_difference
  // INT16: %[[D:.*]] = tfl.sub %arg0, %arg1
  // INT16: tfl.mul %[[D]], %[[D]]
  %0 = tfl.squared_difference %x, %y : (tensor<2xf32>, tensor<2xf32>) -> tensor<2xf32>
  return %0 : tensor<2xf32>
}

// CHECK-LABEL: @sum
func.func @sum(%x: tensor<?x3x4xf32>) -> tensor<?xf32> {
  // CHECK: tfl.sum
  %axes = tfl.const dense<[1, -1]> : tensor<2xi32> -> tensor<2xi32>
  %0 = tfl.sum %x, %axes {keep_dims = false} : (tensor<?x3x4xf32>, tensor<2xi32>) -> tensor<?xf32>
  return %0 : tensor<?xf32>
}

// CHECK-LABEL: @integers
func.func @integers(%x: tensor<2xi32>) -> tensor<2xi32> {
  // CHECK: tfl.neg
  %0 = tfl.neg %x : (tensor<2xi32>) -> tensor<2xi32>
  return %0 : tensor<2xi32>
}

// The sum of each row is a product with ones.
// CHECK-LABEL: @sum_of_rows
func.func @sum_of_rows(%x: tensor<?x3x4xf32>) -> tensor<?x3x1xf32> {
  // CHECK: %[[W:.*]] = tfl.const dense<1.000000e+00> : tensor<1x4xf32>
  // CHECK: tfl.fully_connected %arg0, %[[W]] {keep_num_dims = true}
  %axis = tfl.const dense<-1> : tensor<i32> -> tensor<i32>
  %0 = tfl.sum %x, %axis {keep_dims = true} : (tensor<?x3x4xf32>, tensor<i32>) -> tensor<?x3x1xf32>
  return %0 : tensor<?x3x1xf32>
}

// Weights that the model computes have a zero point.
// CHECK-LABEL: @computed_weights
func.func @computed_weights(%x: tensor<2x4xf32>, %w: tensor<3x4xf32>) -> tensor<2x3xf32> {
  // CHECK: tfl.batch_matmul %arg0, %arg1 {adj_y = true}
  %0 = tfl.fully_connected %x, %w : (tensor<2x4xf32>, tensor<3x4xf32>) -> tensor<2x3xf32>
  return %0 : tensor<2x3xf32>
}

// CHECK-LABEL: @computed_weights_and_relu
func.func @computed_weights_and_relu(%x: tensor<2x4xf32>, %w: tensor<3x4xf32>) -> tensor<2x3xf32> {
  // CHECK: tfl.fully_connected
  %0 = tfl.fully_connected %x, %w {fused_activation_function = "RELU"} : (tensor<2x4xf32>, tensor<3x4xf32>) -> tensor<2x3xf32>
  return %0 : tensor<2x3xf32>
}

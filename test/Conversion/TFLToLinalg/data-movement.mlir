// RUN: tflc-opt %s -tfl-to-linalg -canonicalize | FileCheck %s

// CHECK-LABEL: @reshape
func.func @reshape(%x: tensor<2x3x4xf32>) -> tensor<2x12xf32> {
  // CHECK: tensor.collapse_shape %{{.*}} {{\[\[}}0], [1, 2]] : tensor<2x3x4xf32> into tensor<2x12xf32>
  %0 = tfl.reshape %x {new_shape = array<i32: 2, 12>} : (tensor<2x3x4xf32>) -> tensor<2x12xf32>
  return %0 : tensor<2x12xf32>
}

// CHECK-LABEL: @reshape_unknown_batch
func.func @reshape_unknown_batch(%x: tensor<?x3x4xf32>) -> tensor<?x12xf32> {
  // CHECK: tensor.collapse_shape %{{.*}} {{\[\[}}0], [1, 2]] : tensor<?x3x4xf32> into tensor<?x12xf32>
  %0 = tfl.reshape %x {new_shape = array<i32: -1, 12>} : (tensor<?x3x4xf32>) -> tensor<?x12xf32>
  return %0 : tensor<?x12xf32>
}

// x[1, ::2]
// CHECK-LABEL: @strided_slice
func.func @strided_slice(%x: tensor<4x5xf32>) -> tensor<3xf32> {
  %b = tfl.const dense<[1, 0]> : tensor<2xi32> -> tensor<2xi32>
  %s = tfl.const dense<[1, 2]> : tensor<2xi32> -> tensor<2xi32>
  // CHECK: tensor.extract_slice %{{.*}}[1, 0] [1, 3] [1, 2]
  %0 = tfl.strided_slice %x, %b, %b, %s {begin_mask = 2 : i32, end_mask = 2 : i32, ellipsis_mask = 0 : i32,
    new_axis_mask = 0 : i32, shrink_axis_mask = 1 : i32} : (tensor<4x5xf32>, tensor<2xi32>, tensor<2xi32>, tensor<2xi32>) -> tensor<3xf32>
  return %0 : tensor<3xf32>
}

// Padding holds the zero point.
// CHECK-LABEL: @pad
func.func @pad(%x: tensor<3x!quant.uniform<u8:f32, 0.5:200>>) -> tensor<6x!quant.uniform<u8:f32, 0.5:200>> {
  %p = tfl.const dense<[[1, 2]]> : tensor<1x2xi32> -> tensor<1x2xi32>
  // CHECK: %[[ZERO:.*]] = arith.constant -56 : i8
  // CHECK: tensor.pad %{{.*}} low[1] high[2]
  // CHECK: tensor.yield %[[ZERO]]
  %0 = tfl.pad %x, %p : (tensor<3x!quant.uniform<u8:f32, 0.5:200>>, tensor<1x2xi32>) -> tensor<6x!quant.uniform<u8:f32, 0.5:200>>
  return %0 : tensor<6x!quant.uniform<u8:f32, 0.5:200>>
}

// CHECK-LABEL: @concatenation
func.func @concatenation(%x: tensor<1x2xf32>, %y: tensor<3x2xf32>) -> tensor<4x2xf32> {
  // CHECK: tensor.insert_slice %{{.*}}[0, 0] [1, 2] [1, 1]
  // CHECK: tensor.insert_slice %{{.*}}[1, 0] [3, 2] [1, 1]
  %0 = tfl.concatenation %x, %y {axis = 0 : i32} : (tensor<1x2xf32>, tensor<3x2xf32>) -> tensor<4x2xf32>
  return %0 : tensor<4x2xf32>
}

// CHECK-LABEL: @transpose
func.func @transpose(%x: tensor<2x3xf32>) -> tensor<3x2xf32> {
  %perm = tfl.const dense<[1, 0]> : tensor<2xi32> -> tensor<2xi32>
  // CHECK: linalg.generic
  %0 = tfl.transpose %x, %perm : (tensor<2x3xf32>, tensor<2xi32>) -> tensor<3x2xf32>
  return %0 : tensor<3x2xf32>
}

// CHECK-LABEL: @variable
func.func @variable(%x: tensor<2xf32>) -> tensor<2xf32> {
  %h = tfl.var_handle {container = "", shared_name = "v"} : () -> tensor<!tfl.resource>
  // CHECK: tflrt.assign_variable @v
  tfl.assign_variable %h, %x : (tensor<!tfl.resource>, tensor<2xf32>) -> ()
  // CHECK: tflrt.read_variable @v
  %0 = tfl.read_variable %h : (tensor<!tfl.resource>) -> tensor<2xf32>
  return %0 : tensor<2xf32>
}

// CHECK-LABEL: @unpack_from_the_end
func.func @unpack_from_the_end(%x: tensor<3x2xf32>) -> (tensor<3xf32>, tensor<3xf32>) {
  // CHECK: tensor.extract_slice %{{.*}}[0, 1] [3, 1] [1, 1] : tensor<3x2xf32> to tensor<3xf32>
  %0:2 = tfl.unpack %x {num = 2 : i32, axis = -1 : i32} : (tensor<3x2xf32>) -> (tensor<3xf32>, tensor<3xf32>)
  return %0#0, %0#1 : tensor<3xf32>, tensor<3xf32>
}

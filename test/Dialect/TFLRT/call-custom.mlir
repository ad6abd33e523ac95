// RUN: tflc-opt %s -split-input-file -verify-diagnostics | FileCheck %s

// CHECK-LABEL: @call
func.func @call(%x: tensor<4xf32>, %e: tensor<3xi8>) -> (tensor<3xi8>, i32) {
  // CHECK: tflrt.call_custom "my_op"(%{{.*}} : tensor<4xf32>) into(%{{.*}} : tensor<3xi8>)
  // CHECK-SAME: {input_types = [none, tensor<4xf32>], options = "", output_types = [tensor<3xi8>]} -> tensor<3xi8>
  %y, %s = tflrt.call_custom "my_op"(%x : tensor<4xf32>) into (%e : tensor<3xi8>)
    {options = "", input_types = [none, tensor<4xf32>], output_types = [tensor<3xi8>]} -> tensor<3xi8>
  return %y, %s : tensor<3xi8>, i32
}

// CHECK-LABEL: @on_buffers
func.func @on_buffers(%x: memref<4xf32>, %y: memref<3xi8>) -> i32 {
  // CHECK: tflrt.call_custom "my_op"(%{{.*}} : memref<4xf32>) into(%{{.*}} : memref<3xi8>)
  %s = tflrt.call_custom "my_op"(%x : memref<4xf32>) into (%y : memref<3xi8>)
    {options = "", input_types = [tensor<4xf32>], output_types = [tensor<3xi8>]}
  return %s : i32
}

// -----

func.func @inputs(%x: memref<4xf32>, %y: memref<3xi8>) -> i32 {
  // expected-error @below {{has 1 inputs for 0 types}}
  %s = tflrt.call_custom "my_op"(%x : memref<4xf32>) into (%y : memref<3xi8>) {options = "", input_types = [none], output_types = [tensor<3xi8>]}
  return %s : i32
}

// -----

func.func @outputs(%x: memref<4xf32>, %y: memref<3xi8>) -> i32 {
  // expected-error @below {{has 1 destinations for 2 types}}
  %s = tflrt.call_custom "my_op"(%x : memref<4xf32>) into (%y : memref<3xi8>)
    {options = "", input_types = [tensor<4xf32>], output_types = [tensor<3xi8>, tensor<3xi8>]}
  return %s : i32
}

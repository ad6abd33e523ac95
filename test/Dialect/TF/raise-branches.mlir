// RUN: tflc-opt %s -tf-raise-branches -split-input-file -verify-diagnostics | FileCheck %s

// CHECK-LABEL: func.func @branch
// CHECK-NEXT: %[[R:.*]] = tf.IfRegion %arg1 {
// CHECK-NEXT:   %[[A:.*]] = tf.Abs %arg0
// CHECK-NEXT:   tf.Yield %[[A]]
// CHECK: else {
// CHECK-NEXT:   %[[N:.*]] = tf.Neg %arg0
// CHECK-NEXT:   tf.Yield %[[N]]
// CHECK: return %[[R]]
func.func @branch(%x: tensor<2xf32>, %c: tensor<i1>) -> tensor<2xf32> {
  %f, %t = "tf.Switch"(%x, %c) : (tensor<2xf32>, tensor<i1>) -> (tensor<2xf32>, tensor<2xf32>)
  %a = tf.Neg %f : (tensor<2xf32>) -> tensor<2xf32>
  %b = tf.Abs %t : (tensor<2xf32>) -> tensor<2xf32>
  %0, %i = "tf.Merge"(%a, %b) : (tensor<2xf32>, tensor<2xf32>) -> (tensor<2xf32>, tensor<i32>)
  return %0 : tensor<2xf32>
}

// -----

// A side that is a constant, and a branch within a branch.
// CHECK-LABEL: func.func @nested
// CHECK: %[[K:.*]] = tf.Const
// CHECK: tf.IfRegion %arg1 {
// CHECK:   tf.IfRegion %arg2 {
// CHECK:     tf.Abs %arg0
// CHECK:   } else {
// CHECK:     tf.Yield %arg0
// CHECK: } else {
// CHECK-NEXT: tf.Yield %[[K]]
func.func @nested(%x: tensor<f32>, %c: tensor<i1>, %d: tensor<i1>) -> tensor<f32> {
  %k = tf.Const dense<1.0> : tensor<f32> -> tensor<f32>
  %f, %t = "tf.Switch"(%x, %c) : (tensor<f32>, tensor<i1>) -> (tensor<f32>, tensor<f32>)
  %f1, %t1 = "tf.Switch"(%t, %d) : (tensor<f32>, tensor<i1>) -> (tensor<f32>, tensor<f32>)
  %a = tf.Abs %t1 : (tensor<f32>) -> tensor<f32>
  %inner, %i = "tf.Merge"(%f1, %a) : (tensor<f32>, tensor<f32>) -> (tensor<f32>, tensor<i32>)
  %0, %j = "tf.Merge"(%k, %inner) : (tensor<f32>, tensor<f32>) -> (tensor<f32>, tensor<i32>)
  return %0 : tensor<f32>
}

// -----

func.func @unclear(%x: tensor<f32>, %y: tensor<f32>) -> tensor<f32> {
  // expected-error @below {{its inputs are not the two sides of one condition}}
  %0, %i = "tf.Merge"(%x, %y) : (tensor<f32>, tensor<f32>) -> (tensor<f32>, tensor<i32>)
  return %0 : tensor<f32>
}

// RUN: tflc-opt %s -tf-to-tfl | FileCheck %s

// CHECK-LABEL: func.func @clamp
// CHECK: tfl.relu_n1_to_1 %arg0
// CHECK-NOT: tfl.m
func.func @clamp(%x: tensor<4xf32>) -> tensor<4xf32> {
  %low = tf.Const dense<-1.0> : tensor<f32> -> tensor<f32>
  %high = tf.Const dense<1.0> : tensor<f32> -> tensor<f32>
  %0 = tf.Maximum %x, %low : (tensor<4xf32>, tensor<f32>) -> tensor<4xf32>
  %1 = tf.Minimum %0, %high : (tensor<4xf32>, tensor<f32>) -> tensor<4xf32>
  return %1 : tensor<4xf32>
}

// CHECK-LABEL: func.func @other_bounds
// CHECK: tfl.maximum
// CHECK: tfl.minimum
func.func @other_bounds(%x: tensor<4xf32>) -> tensor<4xf32> {
  %low = tf.Const dense<-1.0> : tensor<f32> -> tensor<f32>
  %high = tf.Const dense<2.0> : tensor<f32> -> tensor<f32>
  %0 = tf.Maximum %x, %low : (tensor<4xf32>, tensor<f32>) -> tensor<4xf32>
  %1 = tf.Minimum %0, %high : (tensor<4xf32>, tensor<f32>) -> tensor<4xf32>
  return %1 : tensor<4xf32>
}

// Constants may come first.
// CHECK-LABEL: func.func @constants_first
// CHECK: tfl.relu_n1_to_1 %arg0
func.func @constants_first(%x: tensor<4xf32>) -> tensor<4xf32> {
  %low = tf.Const dense<-1.0> : tensor<f32> -> tensor<f32>
  %high = tf.Const dense<1.0> : tensor<f32> -> tensor<f32>
  %0 = tf.Minimum %high, %x : (tensor<f32>, tensor<4xf32>) -> tensor<4xf32>
  %1 = tf.Maximum %low, %0 : (tensor<f32>, tensor<4xf32>) -> tensor<4xf32>
  return %1 : tensor<4xf32>
}

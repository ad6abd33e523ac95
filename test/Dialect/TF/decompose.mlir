// RUN: tflc-opt %s -tf-decompose | FileCheck %s

// CHECK-LABEL: func.func @softsign
// CHECK: %[[A:.*]] = tf.Abs %arg0
// CHECK: %[[S:.*]] = tf.AddV2 %[[A]]
// CHECK: tf.RealDiv %arg0, %[[S]]
func.func @softsign(%x: tensor<4xf32>) -> tensor<4xf32> {
  %0 = tf.Softsign %x : (tensor<4xf32>) -> tensor<4xf32>
  return %0 : tensor<4xf32>
}

// CHECK-LABEL: func.func @roll
// CHECK: %[[LAST:.*]] = tf.Slice %arg0
// CHECK: %[[FIRST:.*]] = tf.Slice %arg0
// CHECK: tf.ConcatV2 %[[LAST]], %[[FIRST]]
func.func @roll(%x: tensor<4xf32>) -> tensor<4xf32> {
  %shift = tf.Const dense<1> : tensor<i32> -> tensor<i32>
  %axis = tf.Const dense<0> : tensor<i32> -> tensor<i32>
  %0 = tf.Roll %x, %shift, %axis : (tensor<4xf32>, tensor<i32>, tensor<i32>) -> tensor<4xf32>
  return %0 : tensor<4xf32>
}

// CHECK-LABEL: func.func @division
// CHECK: %[[ZERO:.*]] = tf.Equal %arg1
// CHECK: tf.SelectV2 %[[ZERO]]
func.func @division(%x: tensor<4xf32>, %y: tensor<4xf32>) -> tensor<4xf32> {
  %0 = tf.DivNoNan %x, %y : (tensor<4xf32>, tensor<4xf32>) -> tensor<4xf32>
  return %0 : tensor<4xf32>
}

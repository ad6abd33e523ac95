// RUN: tflc-opt %s -tf-normalize-layout | FileCheck %s

// CHECK-LABEL: func.func @convolution
// CHECK: %[[LAST:.*]] = tf.Transpose %arg0, %{{.*}} -> tensor<1x8x6x3xf32>
// CHECK: %[[Y:.*]] = tf.Conv2D %[[LAST]], %arg1 {
// CHECK-SAME: strides = array<i64: 1, 2, 1, 1>
// CHECK-SAME: -> tensor<1x4x6x4xf32>
// CHECK: tf.Transpose %[[Y]], %{{.*}} -> tensor<1x4x4x6xf32>
func.func @convolution(%x: tensor<1x3x8x6xf32>, %w: tensor<3x3x3x4xf32>) -> tensor<1x4x4x6xf32> {
  %0 = tf.Conv2D %x, %w {data_format = "NCHW", padding = "SAME", strides = array<i64: 1, 1, 2, 1>}
    : (tensor<1x3x8x6xf32>, tensor<3x3x3x4xf32>) -> tensor<1x4x4x6xf32>
  return %0 : tensor<1x4x4x6xf32>
}

// CHECK-LABEL: func.func @last
// CHECK-NOT: tf.Transpose
func.func @last(%x: tensor<1x8x8x3xf32>, %b: tensor<3xf32>) -> tensor<1x8x8x3xf32> {
  %0 = tf.BiasAdd %x, %b : (tensor<1x8x8x3xf32>, tensor<3xf32>) -> tensor<1x8x8x3xf32>
  return %0 : tensor<1x8x8x3xf32>
}

// RUN: tflc-opt %s -tf-fuse-dilation | FileCheck %s

// CHECK-LABEL: func.func @same
// CHECK: tf.Conv2D %arg0, %arg1 {dilations = array<i64: 1, 2, 2, 1>, padding = "SAME"
func.func @same(%x: tensor<1x8x8x1xf32>, %w: tensor<3x3x1x2xf32>) -> tensor<1x8x8x2xf32> {
  %block = tf.Const dense<2> : tensor<2xi32> -> tensor<2xi32>
  %paddings = tf.Const dense<2> : tensor<2x2xi32> -> tensor<2x2xi32>
  %crops = tf.Const dense<0> : tensor<2x2xi32> -> tensor<2x2xi32>
  %0 = tf.SpaceToBatchND %x, %block, %paddings
    : (tensor<1x8x8x1xf32>, tensor<2xi32>, tensor<2x2xi32>) -> tensor<4x6x6x1xf32>
  %1 = tf.Conv2D %0, %w {padding = "VALID", strides = array<i64: 1, 1, 1, 1>}
    : (tensor<4x6x6x1xf32>, tensor<3x3x1x2xf32>) -> tensor<4x4x4x2xf32>
  %2 = tf.BatchToSpaceND %1, %block, %crops
    : (tensor<4x4x4x2xf32>, tensor<2xi32>, tensor<2x2xi32>) -> tensor<1x8x8x2xf32>
  return %2 : tensor<1x8x8x2xf32>
}

// Crops of the beginning cannot be said by a convolution.
// CHECK-LABEL: func.func @cropped
// CHECK: tf.BatchToSpaceND
func.func @cropped(%x: tensor<1x8x8x1xf32>, %w: tensor<3x3x1x2xf32>) -> tensor<1x7x8x2xf32> {
  %block = tf.Const dense<2> : tensor<2xi32> -> tensor<2xi32>
  %paddings = tf.Const dense<2> : tensor<2x2xi32> -> tensor<2x2xi32>
  %crops = tf.Const dense<[[1, 0], [0, 0]]> : tensor<2x2xi32> -> tensor<2x2xi32>
  %0 = tf.SpaceToBatchND %x, %block, %paddings
    : (tensor<1x8x8x1xf32>, tensor<2xi32>, tensor<2x2xi32>) -> tensor<4x6x6x1xf32>
  %1 = tf.Conv2D %0, %w {padding = "VALID", strides = array<i64: 1, 1, 1, 1>}
    : (tensor<4x6x6x1xf32>, tensor<3x3x1x2xf32>) -> tensor<4x4x4x2xf32>
  %2 = tf.BatchToSpaceND %1, %block, %crops
    : (tensor<4x4x4x2xf32>, tensor<2xi32>, tensor<2x2xi32>) -> tensor<1x7x8x2xf32>
  return %2 : tensor<1x7x8x2xf32>
}

// RUN: tflc-opt %s -tf-fuse-padding | FileCheck %s

// With a stride of 2, SAME adds one column behind 8 and none before.
// CHECK-LABEL: func.func @strided
// CHECK-NOT: tf.Pad
// CHECK: tf.DepthwiseConv2dNative %arg0, %arg1 {padding = "SAME"
func.func @strided(%x: tensor<?x8x8x3xf32>, %w: tensor<3x3x3x1xf32>) -> tensor<?x4x4x3xf32> {
  %amounts = tf.Const dense<[[0, 0], [0, 1], [0, 1], [0, 0]]> : tensor<4x2xi32> -> tensor<4x2xi32>
  %0 = tf.Pad %x, %amounts : (tensor<?x8x8x3xf32>, tensor<4x2xi32>) -> tensor<?x9x9x3xf32>
  %1 = tf.DepthwiseConv2dNative %0, %w {padding = "VALID", strides = array<i64: 1, 2, 2, 1>}
    : (tensor<?x9x9x3xf32>, tensor<3x3x3x1xf32>) -> tensor<?x4x4x3xf32>
  return %1 : tensor<?x4x4x3xf32>
}

// Without a stride, sizes do not matter.
// CHECK-LABEL: func.func @open
// CHECK-NOT: tf.Pad
// CHECK: tf.Conv2D %arg0, %arg1 {padding = "SAME"
func.func @open(%x: tensor<1x?x?x3xf32>, %w: tensor<3x3x3x4xf32>) -> tensor<1x?x?x4xf32> {
  %amounts = tf.Const dense<[[0, 0], [1, 1], [1, 1], [0, 0]]> : tensor<4x2xi32> -> tensor<4x2xi32>
  %0 = tf.Pad %x, %amounts : (tensor<1x?x?x3xf32>, tensor<4x2xi32>) -> tensor<1x?x?x3xf32>
  %1 = tf.Conv2D %0, %w {padding = "VALID", strides = array<i64: 1, 1, 1, 1>}
    : (tensor<1x?x?x3xf32>, tensor<3x3x3x4xf32>) -> tensor<1x?x?x4xf32>
  return %1 : tensor<1x?x?x4xf32>
}

// CHECK-LABEL: func.func @explicit
// CHECK: tf.Conv2D %arg0, %arg1 {padding = "SAME"
func.func @explicit(%x: tensor<1x8x8x3xf32>, %w: tensor<3x3x3x4xf32>) -> tensor<1x8x8x4xf32> {
  %0 = tf.Conv2D %x, %w {explicit_paddings = array<i64: 0, 0, 1, 1, 1, 1, 0, 0>, padding = "EXPLICIT",
                         strides = array<i64: 1, 1, 1, 1>}
    : (tensor<1x8x8x3xf32>, tensor<3x3x3x4xf32>) -> tensor<1x8x8x4xf32>
  return %0 : tensor<1x8x8x4xf32>
}

// SAME would add behind, not before.
// CHECK-LABEL: func.func @before
// CHECK: tf.Pad
func.func @before(%x: tensor<1x8x8x3xf32>, %w: tensor<3x3x3x4xf32>) -> tensor<1x4x4x4xf32> {
  %amounts = tf.Const dense<[[0, 0], [1, 0], [1, 0], [0, 0]]> : tensor<4x2xi32> -> tensor<4x2xi32>
  %0 = tf.Pad %x, %amounts : (tensor<1x8x8x3xf32>, tensor<4x2xi32>) -> tensor<1x9x9x3xf32>
  %1 = tf.Conv2D %0, %w {padding = "VALID", strides = array<i64: 1, 2, 2, 1>}
    : (tensor<1x9x9x3xf32>, tensor<3x3x3x4xf32>) -> tensor<1x4x4x4xf32>
  return %1 : tensor<1x4x4x4xf32>
}

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

// Lines are pictures of one row for the convolution's sake.
// CHECK-LABEL: func.func @line
// CHECK: %[[X:.*]] = tf.ExpandDims %arg0
// CHECK: %[[Y:.*]] = tf.Conv2D %[[X]], {{.*}}dilations = array<i64: 1, 1, 2, 1>{{.*}}padding = "VALID"
// CHECK: tf.Squeeze %[[Y]]
// CHECK-NOT: tf.BatchToSpaceND
func.func @line(%x: tensor<?x18x3xf32>, %w: tensor<1x2x3x3xf32>) -> tensor<?x16x3xf32> {
  %blocks = tf.Const dense<2> : tensor<1xi32> -> tensor<1xi32>
  %none = tf.Const dense<0> : tensor<1x2xi32> -> tensor<1x2xi32>
  %dim = tf.Const dense<1> : tensor<i32> -> tensor<i32>
  %0 = tf.SpaceToBatchND %x, %blocks, %none : (tensor<?x18x3xf32>, tensor<1xi32>, tensor<1x2xi32>) -> tensor<?x9x3xf32>
  %1 = tf.ExpandDims %0, %dim : (tensor<?x9x3xf32>, tensor<i32>) -> tensor<?x1x9x3xf32>
  %2 = tf.Conv2D %1, %w {padding = "VALID", strides = array<i64: 1, 1, 1, 1>}
    : (tensor<?x1x9x3xf32>, tensor<1x2x3x3xf32>) -> tensor<?x1x8x3xf32>
  %3 = tf.Squeeze %2 {squeeze_dims = array<i64: -3>} : (tensor<?x1x8x3xf32>) -> tensor<?x8x3xf32>
  %4 = tf.BatchToSpaceND %3, %blocks, %none : (tensor<?x8x3xf32>, tensor<1xi32>, tensor<1x2xi32>) -> tensor<?x16x3xf32>
  return %4 : tensor<?x16x3xf32>
}

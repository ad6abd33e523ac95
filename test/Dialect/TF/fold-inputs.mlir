// RUN: tflc-opt %s -tf-fold-inputs | FileCheck %s

// CHECK-LABEL: func.func @factors
// CHECK: %[[W:.*]] = tf.Const dense<{{\[\[}}2.000000e+00, 4.000000e+00], [9.000000e+00, 1.200000e+01]]>
// CHECK: tf.MatMul %arg0, %[[W]]
func.func @factors(%x: tensor<?x2xf32>) -> tensor<?x2xf32> {
  %c = tf.Const dense<[2.0, 3.0]> : tensor<2xf32> -> tensor<2xf32>
  %w = tf.Const dense<[[1.0, 2.0], [3.0, 4.0]]> : tensor<2x2xf32> -> tensor<2x2xf32>
  %0 = tf.Mul %x, %c : (tensor<?x2xf32>, tensor<2xf32>) -> tensor<?x2xf32>
  %1 = tf.MatMul %0, %w : (tensor<?x2xf32>, tensor<2x2xf32>) -> tensor<?x2xf32>
  return %1 : tensor<?x2xf32>
}

// 1 * 1 + 10 * 3, 1 * 2 + 10 * 4
// CHECK-LABEL: func.func @offsets
// CHECK: %[[B:.*]] = tf.Const dense<[3.100000e+01, 4.200000e+01]>
// CHECK: %[[P:.*]] = tf.MatMul %arg0
// CHECK: tf.AddV2 %[[P]], %[[B]]
func.func @offsets(%x: tensor<?x2xf32>) -> tensor<?x2xf32> {
  %c = tf.Const dense<[1.0, 10.0]> : tensor<2xf32> -> tensor<2xf32>
  %w = tf.Const dense<[[1.0, 2.0], [3.0, 4.0]]> : tensor<2x2xf32> -> tensor<2x2xf32>
  %0 = tf.AddV2 %x, %c : (tensor<?x2xf32>, tensor<2xf32>) -> tensor<?x2xf32>
  %1 = tf.MatMul %0, %w : (tensor<?x2xf32>, tensor<2x2xf32>) -> tensor<?x2xf32>
  return %1 : tensor<?x2xf32>
}

// Beyond the border there are zeros, not offsets.
// CHECK-LABEL: func.func @padded
// CHECK: tf.AddV2 %arg0
func.func @padded(%x: tensor<1x4x4x1xf32>) -> tensor<1x4x4x1xf32> {
  %c = tf.Const dense<1.0> : tensor<f32> -> tensor<f32>
  %w = tf.Const dense<1.0> : tensor<3x3x1x1xf32> -> tensor<3x3x1x1xf32>
  %0 = tf.AddV2 %x, %c : (tensor<1x4x4x1xf32>, tensor<f32>) -> tensor<1x4x4x1xf32>
  %1 = tf.Conv2D %0, %w {padding = "SAME", strides = array<i64: 1, 1, 1, 1>}
    : (tensor<1x4x4x1xf32>, tensor<3x3x1x1xf32>) -> tensor<1x4x4x1xf32>
  return %1 : tensor<1x4x4x1xf32>
}

// Something else takes the product.
// CHECK-LABEL: func.func @shared
// CHECK: tf.Mul %arg0
func.func @shared(%x: tensor<2x2xf32>) -> (tensor<2x2xf32>, tensor<2x2xf32>) {
  %c = tf.Const dense<[2.0, 3.0]> : tensor<2xf32> -> tensor<2xf32>
  %w = tf.Const dense<1.0> : tensor<2x2xf32> -> tensor<2x2xf32>
  %0 = tf.Mul %x, %c : (tensor<2x2xf32>, tensor<2xf32>) -> tensor<2x2xf32>
  %1 = tf.MatMul %0, %w : (tensor<2x2xf32>, tensor<2x2xf32>) -> tensor<2x2xf32>
  return %0, %1 : tensor<2x2xf32>, tensor<2x2xf32>
}

// RUN: tflc-opt %s -tf-fold-products -canonicalize | FileCheck %s

// The factor of a batch norm scales the weights, its offset is what is added.
// CHECK-LABEL: func.func @batch_norm
// CHECK-DAG: %[[OFFSET:.*]] = tf.Const dense<[-3.000000e+00, -1.000000e+00]> : tensor<2xf32>
// CHECK-DAG: %[[WEIGHTS:.*]] = tf.Const dense<{{.*}}2.000000e+00, 8.000000e+00{{.*}}> : tensor<1x1x1x2xf32>
// CHECK: %[[CONV:.*]] = tf.Conv2D %arg0, %[[WEIGHTS]]
// CHECK: tf.AddV2 %[[CONV]], %[[OFFSET]]
func.func @batch_norm(%x: tensor<1x4x4x1xf32>) -> tensor<1x4x4x2xf32> {
  %w = tf.Const dense<[[[[1.0, 2.0]]]]> : tensor<1x1x1x2xf32> -> tensor<1x1x1x2xf32>
  %scale = tf.Const dense<[2.0, 4.0]> : tensor<2xf32> -> tensor<2xf32>
  %offset = tf.Const dense<[1.0, -1.0]> : tensor<2xf32> -> tensor<2xf32>
  %mean = tf.Const dense<[2.0, 0.0]> : tensor<2xf32> -> tensor<2xf32>
  %variance = tf.Const dense<1.0> : tensor<2xf32> -> tensor<2xf32>
  %0 = tf.Conv2D %x, %w {padding = "SAME", strides = array<i64: 1, 1, 1, 1>}
    : (tensor<1x4x4x1xf32>, tensor<1x1x1x2xf32>) -> tensor<1x4x4x2xf32>
  %1:6 = tf.FusedBatchNormV3 %0, %scale, %offset, %mean, %variance {epsilon = 0.0 : f32, is_training = false}
    : (tensor<1x4x4x2xf32>, tensor<2xf32>, tensor<2xf32>, tensor<2xf32>, tensor<2xf32>)
      -> (tensor<1x4x4x2xf32>, tensor<2xf32>, tensor<2xf32>, tensor<2xf32>, tensor<2xf32>, tensor<2xf32>)
  return %1#0 : tensor<1x4x4x2xf32>
}

// A product that something else reads too keeps its weights.
// CHECK-LABEL: func.func @two_users
// CHECK: tf.MatMul
// CHECK: tf.Mul
func.func @two_users(%x: tensor<1x2xf32>) -> (tensor<1x2xf32>, tensor<1x2xf32>) {
  %w = tf.Const dense<[[1.0, 2.0], [3.0, 4.0]]> : tensor<2x2xf32> -> tensor<2x2xf32>
  %c = tf.Const dense<2.0> : tensor<f32> -> tensor<f32>
  %0 = tf.MatMul %x, %w : (tensor<1x2xf32>, tensor<2x2xf32>) -> tensor<1x2xf32>
  %1 = tf.Mul %0, %c : (tensor<1x2xf32>, tensor<f32>) -> tensor<1x2xf32>
  return %0, %1 : tensor<1x2xf32>, tensor<1x2xf32>
}

// A transposed convolution has its output channels before those of the input.
// CHECK-LABEL: func.func @transposed
// CHECK{LITERAL}: dense<[[[[1.000000e+01, 2.000000e+01], [3.000000e+02, 4.000000e+02]]]]>
// CHECK: tf.Conv2DBackpropInput
// CHECK-NEXT: return
func.func @transposed(%x: tensor<1x2x2x2xf32>) -> tensor<1x2x2x2xf32> {
  %sizes = tf.Const dense<[1, 2, 2, 2]> : tensor<4xi32> -> tensor<4xi32>
  %w = tf.Const dense<[[[[1.0, 2.0], [3.0, 4.0]]]]> : tensor<1x1x2x2xf32> -> tensor<1x1x2x2xf32>
  %c = tf.Const dense<[10.0, 100.0]> : tensor<2xf32> -> tensor<2xf32>
  %0 = tf.Conv2DBackpropInput %sizes, %w, %x {padding = "VALID", strides = array<i64: 1, 1, 1, 1>}
    : (tensor<4xi32>, tensor<1x1x2x2xf32>, tensor<1x2x2x2xf32>) -> tensor<1x2x2x2xf32>
  %1 = tf.Mul %0, %c : (tensor<1x2x2x2xf32>, tensor<2xf32>) -> tensor<1x2x2x2xf32>
  return %1 : tensor<1x2x2x2xf32>
}

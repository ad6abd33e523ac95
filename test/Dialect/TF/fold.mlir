// RUN: tflc-opt %s -canonicalize | FileCheck %s

// TensorFlow's own optimizer takes a product with zeros as zeros.
// CHECK-LABEL: func.func @zeros
// CHECK: %[[Z:.*]] = tf.Const dense<0.000000e+00> : tensor<2x3xf32>
// CHECK-NEXT: return %[[Z]]
func.func @zeros(%x: tensor<2x3xf32>) -> tensor<2x3xf32> {
  %z = tf.Const dense<0.0> : tensor<3xf32> -> tensor<3xf32>
  %0 = tf.Mul %x, %z : (tensor<2x3xf32>, tensor<3xf32>) -> tensor<2x3xf32>
  return %0 : tensor<2x3xf32>
}

// CHECK-LABEL: func.func @open_zeros
// CHECK: tf.Mul
func.func @open_zeros(%x: tensor<?x3xf32>) -> tensor<?x3xf32> {
  %z = tf.Const dense<0.0> : tensor<3xf32> -> tensor<3xf32>
  %0 = tf.Mul %x, %z : (tensor<?x3xf32>, tensor<3xf32>) -> tensor<?x3xf32>
  return %0 : tensor<?x3xf32>
}

// CHECK-LABEL: func.func @broadcast
// CHECK{LITERAL}: dense<[[1, 1, 1], [2, 2, 2]]> : tensor<2x3xi32>
func.func @broadcast() -> tensor<2x3xi32> {
  %x = tf.Const dense<[[1], [2]]> : tensor<2x1xi32> -> tensor<2x1xi32>
  %shape = tf.Const dense<[2, 3]> : tensor<2xi32> -> tensor<2xi32>
  %0 = tf.BroadcastTo %x, %shape : (tensor<2x1xi32>, tensor<2xi32>) -> tensor<2x3xi32>
  return %0 : tensor<2x3xi32>
}

// CHECK-LABEL: func.func @no_padding
// CHECK-NEXT: return %arg0
func.func @no_padding(%x: tensor<2x3xf32>) -> tensor<2x3xf32> {
  %none = tf.Const dense<0> : tensor<2x2xi64> -> tensor<2x2xi64>
  %0 = tf.Pad %x, %none : (tensor<2x3xf32>, tensor<2x2xi64>) -> tensor<2x3xf32>
  return %0 : tensor<2x3xf32>
}

// CHECK-LABEL: func.func @padding
// CHECK{LITERAL}: dense<[[0, 1, 2, 0, 0]]> : tensor<1x5xi32>
func.func @padding() -> tensor<1x5xi32> {
  %x = tf.Const dense<[[1, 2]]> : tensor<1x2xi32> -> tensor<1x2xi32>
  %amounts = tf.Const dense<[[0, 0], [1, 2]]> : tensor<2x2xi32> -> tensor<2x2xi32>
  %0 = tf.Pad %x, %amounts : (tensor<1x2xi32>, tensor<2x2xi32>) -> tensor<1x5xi32>
  return %0 : tensor<1x5xi32>
}

// What a constant is added to in between may as well keep its shape.
// CHECK-LABEL: func.func @views
// CHECK: %[[S:.*]] = tf.AddV2 %arg0
// CHECK-NEXT: return %[[S]]
func.func @views(%x: tensor<2x1x2xf32>) -> tensor<2x1x2xf32> {
  %c = tf.Const dense<[1.0, 2.0]> : tensor<2xf32> -> tensor<2xf32>
  %flat = tf.Const dense<2> : tensor<2xi32> -> tensor<2xi32>
  %line = tf.Const dense<1> : tensor<i32> -> tensor<i32>
  %0 = tf.Reshape %x, %flat : (tensor<2x1x2xf32>, tensor<2xi32>) -> tensor<2x2xf32>
  %1 = tf.AddV2 %0, %c : (tensor<2x2xf32>, tensor<2xf32>) -> tensor<2x2xf32>
  %2 = tf.ExpandDims %1, %line : (tensor<2x2xf32>, tensor<i32>) -> tensor<2x1x2xf32>
  return %2 : tensor<2x1x2xf32>
}

// The last dimension is another one in between.
// CHECK-LABEL: func.func @other_views
// CHECK: tf.AddV2 {{.*}} (tensor<2x4xf32>, tensor<4xf32>)
func.func @other_views(%x: tensor<4x2xf32>) -> tensor<4x2xf32> {
  %c = tf.Const dense<[1.0, 2.0, 3.0, 4.0]> : tensor<4xf32> -> tensor<4xf32>
  %wide = tf.Const dense<[2, 4]> : tensor<2xi32> -> tensor<2xi32>
  %high = tf.Const dense<[4, 2]> : tensor<2xi32> -> tensor<2xi32>
  %0 = tf.Reshape %x, %wide : (tensor<4x2xf32>, tensor<2xi32>) -> tensor<2x4xf32>
  %1 = tf.AddV2 %0, %c : (tensor<2x4xf32>, tensor<4xf32>) -> tensor<2x4xf32>
  %2 = tf.Reshape %1, %high : (tensor<2x4xf32>, tensor<2xi32>) -> tensor<4x2xf32>
  return %2 : tensor<4x2xf32>
}

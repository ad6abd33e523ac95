// RUN: tflc-opt %s -tf-sink-transposes | FileCheck %s

// Both meet behind the activation and the factors, which are permuted beforehand.
// CHECK-LABEL: func.func @meet
// CHECK-NOT: tf.Transpose
// CHECK: %[[R:.*]] = tf.Relu %arg0
// CHECK: tf.Mul %[[R]], %{{.*}} : (tensor<1x4x4x2xf32>, tensor<1x1x1x2xf32>)
func.func @meet(%x: tensor<1x4x4x2xf32>) -> tensor<1x4x4x2xf32> {
  %first = tf.Const dense<[0, 3, 1, 2]> : tensor<4xi32> -> tensor<4xi32>
  %last = tf.Const dense<[0, 2, 3, 1]> : tensor<4xi32> -> tensor<4xi32>
  %factors = tf.Const dense<[[[1.0]], [[2.0]]]> : tensor<2x1x1xf32> -> tensor<2x1x1xf32>
  %0 = tf.Transpose %x, %first : (tensor<1x4x4x2xf32>, tensor<4xi32>) -> tensor<1x2x4x4xf32>
  %1 = tf.Relu %0 : (tensor<1x2x4x4xf32>) -> tensor<1x2x4x4xf32>
  %2 = tf.Mul %1, %factors : (tensor<1x2x4x4xf32>, tensor<2x1x1xf32>) -> tensor<1x2x4x4xf32>
  %3 = tf.Transpose %2, %last : (tensor<1x2x4x4xf32>, tensor<4xi32>) -> tensor<1x4x4x2xf32>
  return %3 : tensor<1x4x4x2xf32>
}

// CHECK-LABEL: func.func @mean
// CHECK: %[[AXES:.*]] = tf.Const dense<[1, 2]>
// CHECK: tf.Mean %arg0, %[[AXES]]
func.func @mean(%x: tensor<1x4x4x2xf32>) -> tensor<1x2xf32> {
  %first = tf.Const dense<[0, 3, 1, 2]> : tensor<4xi32> -> tensor<4xi32>
  %axes = tf.Const dense<[2, 3]> : tensor<2xi32> -> tensor<2xi32>
  %0 = tf.Transpose %x, %first : (tensor<1x4x4x2xf32>, tensor<4xi32>) -> tensor<1x2x4x4xf32>
  %1 = tf.Mean %0, %axes : (tensor<1x2x4x4xf32>, tensor<2xi32>) -> tensor<1x2xf32>
  return %1 : tensor<1x2xf32>
}

// What is left of the dimensions would change its order.
// CHECK-LABEL: func.func @order
// CHECK: tf.Transpose
func.func @order(%x: tensor<1x4x5x2xf32>) -> tensor<1x2x4xf32> {
  %first = tf.Const dense<[0, 3, 1, 2]> : tensor<4xi32> -> tensor<4xi32>
  %axes = tf.Const dense<3> : tensor<1xi32> -> tensor<1xi32>
  %0 = tf.Transpose %x, %first : (tensor<1x4x5x2xf32>, tensor<4xi32>) -> tensor<1x2x4x5xf32>
  %1 = tf.Mean %0, %axes : (tensor<1x2x4x5xf32>, tensor<1xi32>) -> tensor<1x2x4xf32>
  return %1 : tensor<1x2x4xf32>
}

// The other use would need the transposition all the same.
// CHECK-LABEL: func.func @shared
// CHECK: %[[T:.*]] = tf.Transpose
// CHECK: tf.Relu %[[T]]
func.func @shared(%x: tensor<2x3xf32>) -> (tensor<3x2xf32>, tensor<3x2xf32>) {
  %perm = tf.Const dense<[1, 0]> : tensor<2xi32> -> tensor<2xi32>
  %0 = tf.Transpose %x, %perm : (tensor<2x3xf32>, tensor<2xi32>) -> tensor<3x2xf32>
  %1 = tf.Relu %0 : (tensor<3x2xf32>) -> tensor<3x2xf32>
  return %0, %1 : tensor<3x2xf32>, tensor<3x2xf32>
}

// A bias along a dimension that moves is a sum with a constant of all dimensions.
// CHECK-LABEL: func.func @bias
// CHECK-DAG: %[[B:.*]] = tf.Const dense<{{.*}}> : tensor<1x1x2x1xf32>
// CHECK: %[[S:.*]] = tf.AddV2 %arg0, %[[B]]
// CHECK: tf.Transpose %[[S]]
func.func @bias(%x: tensor<1x4x2x3xf32>) -> tensor<1x3x4x2xf32> {
  %perm = tf.Const dense<[0, 3, 1, 2]> : tensor<4xi32> -> tensor<4xi32>
  %bias = tf.Const dense<[1.0, 2.0]> : tensor<2xf32> -> tensor<2xf32>
  %0 = tf.Transpose %x, %perm : (tensor<1x4x2x3xf32>, tensor<4xi32>) -> tensor<1x3x4x2xf32>
  %1 = tf.BiasAdd %0, %bias : (tensor<1x3x4x2xf32>, tensor<2xf32>) -> tensor<1x3x4x2xf32>
  return %1 : tensor<1x3x4x2xf32>
}

// RUN: tflc-opt %s -tf-to-tfl | FileCheck %s

// Moving a dimension of one element is a view, and two views are one.
// CHECK-LABEL: func.func @moved
// CHECK: %[[Y:.*]] = tfl.reshape %arg0, {{.*}} -> tensor<6x1x1xf32>
// CHECK-NEXT: return %[[Y]]
func.func @moved(%x: tensor<1x6xf32>) -> tensor<6x1x1xf32> {
  %last = tf.Const dense<2> : tensor<i32> -> tensor<i32>
  %order = tf.Const dense<[1, 0, 2]> : tensor<3xi32> -> tensor<3xi32>
  %0 = tf.ExpandDims %x, %last : (tensor<1x6xf32>, tensor<i32>) -> tensor<1x6x1xf32>
  %1 = tf.Transpose %0, %order : (tensor<1x6x1xf32>, tensor<3xi32>) -> tensor<6x1x1xf32>
  return %1 : tensor<6x1x1xf32>
}

// CHECK-LABEL: func.func @permuted
// CHECK: tfl.transpose
func.func @permuted(%x: tensor<2x6x1xf32>) -> tensor<6x2x1xf32> {
  %order = tf.Const dense<[1, 0, 2]> : tensor<3xi32> -> tensor<3xi32>
  %0 = tf.Transpose %x, %order : (tensor<2x6x1xf32>, tensor<3xi32>) -> tensor<6x2x1xf32>
  return %0 : tensor<6x2x1xf32>
}

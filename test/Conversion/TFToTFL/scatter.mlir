// RUN: tflc-opt %s -tf-to-tfl | FileCheck %s

// CHECK-LABEL: func.func @known
// CHECK-DAG: %[[SHAPE:.*]] = tfl.const dense<[4, 2]>
// CHECK-DAG: %[[ONES:.*]] = tfl.const dense<true> : tensor<1x2xi1>
// CHECK: %[[MASK:.*]] = tfl.scatter_nd %arg1, %[[ONES]], %[[SHAPE]]
// CHECK: %[[NEW:.*]] = tfl.scatter_nd %arg1, %arg2, %[[SHAPE]]
// CHECK: tfl.select_v2 %[[MASK]], %[[NEW]], %arg0
func.func @known(%x: tensor<4x2xf32>, %places: tensor<1x1xi32>, %new: tensor<1x2xf32>) -> tensor<4x2xf32> {
  %0 = tf.TensorScatterUpdate %x, %places, %new
    : (tensor<4x2xf32>, tensor<1x1xi32>, tensor<1x2xf32>) -> tensor<4x2xf32>
  return %0 : tensor<4x2xf32>
}

// CHECK-LABEL: func.func @open
// CHECK: %[[SHAPE:.*]] = tfl.shape %arg0
// CHECK: %[[COUNT:.*]] = tfl.shape %arg2
// CHECK: %[[ONES:.*]] = tfl.fill %[[COUNT]], {{.*}} -> tensor<?x2xi1>
// CHECK: tfl.scatter_nd %arg1, %[[ONES]], %[[SHAPE]]
// CHECK: tfl.scatter_nd %arg1, %arg2, %[[SHAPE]]
// CHECK: tfl.select_v2
func.func @open(%x: tensor<?x2xf32>, %places: tensor<?x1xi32>, %new: tensor<?x2xf32>) -> tensor<?x2xf32> {
  %0 = tf.TensorScatterUpdate %x, %places, %new
    : (tensor<?x2xf32>, tensor<?x1xi32>, tensor<?x2xf32>) -> tensor<?x2xf32>
  return %0 : tensor<?x2xf32>
}

// CHECK-LABEL: func.func @add
// CHECK: %[[SHAPE:.*]] = tfl.shape %arg0
// CHECK: %[[SUM:.*]] = tfl.scatter_nd %arg1, %arg2, %[[SHAPE]]
// CHECK: tfl.add %arg0, %[[SUM]]
func.func @add(%x: tensor<?x2xf32>, %places: tensor<3x1xi32>, %new: tensor<3x2xf32>) -> tensor<?x2xf32> {
  %0 = tf.TensorScatterAdd %x, %places, %new
    : (tensor<?x2xf32>, tensor<3x1xi32>, tensor<3x2xf32>) -> tensor<?x2xf32>
  return %0 : tensor<?x2xf32>
}

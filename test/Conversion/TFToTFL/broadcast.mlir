// RUN: tflc-opt %s -tf-to-tfl | FileCheck %s

// What has the shape already is not broadcast.
// CHECK-LABEL: func.func @broadcast
// CHECK: tfl.broadcast_to
// CHECK-NOT: tfl.broadcast_to
func.func @broadcast(%x: tensor<1x3xf32>, %y: tensor<2x3xf32>)
    -> (tensor<2x3xf32>, tensor<2x3xf32>) {
  %shape = tf.Const dense<[2, 3]> : tensor<2xi32> -> tensor<2xi32>
  %0 = tf.BroadcastTo %x, %shape : (tensor<1x3xf32>, tensor<2xi32>) -> tensor<2x3xf32>
  %1 = tf.BroadcastTo %y, %shape : (tensor<2x3xf32>, tensor<2xi32>) -> tensor<2x3xf32>
  return %0, %1 : tensor<2x3xf32>, tensor<2x3xf32>
}

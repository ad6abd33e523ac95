// RUN: tflc-opt %s -tf-freeze-variables | FileCheck %s

// CHECK-NOT: tf.Table
tf.Table @squares : dense<[1, 2]> : tensor<2xi64> to dense<[1.0, 4.0]> : tensor<2xf32>

// CHECK-LABEL: func.func @look_up
// CHECK-NOT: tf.HashTableV2
// CHECK: %[[COLUMN:.*]] = tf.ExpandDims %arg0
// CHECK: %[[EQUAL:.*]] = tf.Equal %[[COLUMN]]
// CHECK: %[[PARTS:.*]] = tf.SelectV2 %[[EQUAL]]
// CHECK: %[[SUM:.*]] = tf.Sum %[[PARTS]]
// CHECK: %[[FOUND:.*]] = tf.Any %[[EQUAL]]
// CHECK: tf.SelectV2 %[[FOUND]], %[[SUM]], %arg1
func.func @look_up(%keys: tensor<3xi64>, %default: tensor<f32>) -> tensor<3xf32> {
  %table = tf.HashTableV2 {shared_name = "squares"} : () -> tensor<!tf.resource>
  %0 = tf.LookupTableFindV2 %table, %keys, %default
    : (tensor<!tf.resource>, tensor<3xi64>, tensor<f32>) -> tensor<3xf32>
  return %0 : tensor<3xf32>
}

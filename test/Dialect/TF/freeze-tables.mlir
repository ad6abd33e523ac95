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

// CHECK-LABEL: func.func @count
// CHECK: tf.Const dense<2> : tensor<i64>
func.func @count() -> tensor<i64> {
  %table = tf.HashTableV2 {shared_name = "squares"} : () -> tensor<!tf.resource>
  %0 = tf.LookupTableSizeV2 %table : (tensor<!tf.resource>) -> tensor<i64>
  return %0 : tensor<i64>
}

// A table that the graph fills itself.
// CHECK-LABEL: func.func @filled
// CHECK-NOT: tf.LookupTableImportV2
// CHECK: tf.Equal
func.func @filled(%key: tensor<i64>, %default: tensor<i64>) -> tensor<i64> {
  %table = tf.HashTableV2 {shared_name = "own"} : () -> tensor<!tf.resource>
  %keys = tf.Const dense<[3, 4]> : tensor<2xi64> -> tensor<2xi64>
  tf.LookupTableImportV2 %table, %keys, %keys : (tensor<!tf.resource>, tensor<2xi64>, tensor<2xi64>) -> ()
  %0 = tf.LookupTableFindV2 %table, %key, %default
    : (tensor<!tf.resource>, tensor<i64>, tensor<i64>) -> tensor<i64>
  return %0 : tensor<i64>
}

// One of texts needs operators, and is filled where the graph says so.
// CHECK-LABEL: func.func @filled_texts
// CHECK: tf.LookupTableImportV2
// CHECK: tf.LookupTableFindV2
// CHECK: tf.Table @texts {{.*}}tf.filled_by_graph
func.func @filled_texts(%key: tensor<!tf.string>, %default: tensor<i64>) -> tensor<i64> {
  %table = tf.HashTableV2 {shared_name = "texts"} : () -> tensor<!tf.resource>
  %keys = tf.Const dense<["a", "b"]> : tensor<2x!tf.string> -> tensor<2x!tf.string>
  %values = tf.Const dense<[3, 4]> : tensor<2xi64> -> tensor<2xi64>
  tf.LookupTableImportV2 %table, %keys, %values
    : (tensor<!tf.resource>, tensor<2x!tf.string>, tensor<2xi64>) -> ()
  %0 = tf.LookupTableFindV2 %table, %key, %default
    : (tensor<!tf.resource>, tensor<!tf.string>, tensor<i64>) -> tensor<i64>
  return %0 : tensor<i64>
}

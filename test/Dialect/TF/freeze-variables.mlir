// RUN: tflc-opt %s -split-input-file -tf-freeze-variables -verify-diagnostics | FileCheck %s

// CHECK-NOT: tf.Global @weights
tf.Global @weights = dense<1.0> : tensor<2xf32>
// CHECK: tf.Global @count
tf.Global @count = dense<0> : tensor<i32>

// CHECK-LABEL: func.func @constant
// CHECK: %[[W:.*]] = tf.Const dense<1.000000e+00> : tensor<2xf32>
// CHECK: return %[[W]]
func.func @constant() -> tensor<2xf32> {
  %h = tf.VarHandleOp {shared_name = "weights"} : () -> tensor<!tf.resource>
  %0 = tf.ReadVariableOp %h : (tensor<!tf.resource>) -> tensor<2xf32>
  return %0 : tensor<2xf32>
}

// CHECK-LABEL: func.func @state
// CHECK: %[[OLD:.*]] = tf.ReadVariableOp %[[H:.*]] : {{.*}} -> tensor<i32>
// CHECK: %[[NEW:.*]] = tf.AddV2 %[[OLD]], %arg0
// CHECK: tf.AssignVariableOp %[[H]], %[[NEW]]
func.func @state(%x: tensor<i32>) {
  %h = tf.VarHandleOp {shared_name = "count"} : () -> tensor<!tf.resource>
  tf.AssignAddVariableOp %h, %x : (tensor<!tf.resource>, tensor<i32>) -> ()
  return
}

// -----

func.func @missing() -> tensor<2xf32> {
  %h = tf.VarHandleOp {shared_name = "lost"} : () -> tensor<!tf.resource>
  // expected-error @below {{variable "lost" has no initial value}}
  %0 = tf.ReadVariableOp %h : (tensor<!tf.resource>) -> tensor<2xf32>
  return %0 : tensor<2xf32>
}

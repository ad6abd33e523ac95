// RUN: tflc-opt %s -tf-decompose | FileCheck %s

// What the user keeps as a custom operator stays.
module attributes {tf.custom_operators = ["Erf"]} {
  // CHECK-LABEL: func.func @kept
  // CHECK-NOT: tf.Sinh
  // CHECK: tf.Erf
  func.func @kept(%x: tensor<2xf32>) -> tensor<2xf32> {
    %0 = tf.Sinh %x : (tensor<2xf32>) -> tensor<2xf32>
    %1 = tf.Erf %0 : (tensor<2xf32>) -> tensor<2xf32>
    return %1 : tensor<2xf32>
  }
}

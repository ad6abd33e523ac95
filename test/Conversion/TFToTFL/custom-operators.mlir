// RUN: tflc-opt %s -tf-to-tfl -allow-unregistered-dialect | FileCheck %s

module attributes {tf.custom_operators = ["Erf"]} {
  // CHECK-LABEL: func.func @custom
  // CHECK: "unsupported.custom"(%arg0) {custom_code = "Erf", custom_options = "
  // CHECK: tfl.relu
  func.func @custom(%x: tensor<2xf32>) -> tensor<2xf32> {
    %0 = tf.Erf %x : (tensor<2xf32>) -> tensor<2xf32>
    %1 = tf.Relu %0 : (tensor<2xf32>) -> tensor<2xf32>
    return %1 : tensor<2xf32>
  }
}

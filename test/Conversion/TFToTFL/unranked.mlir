// RUN: tflc-opt %s -tf-to-tfl -verify-diagnostics

// What makes a rank unknown is named; what only follows from it is not.
func.func @unranked(%x: tensor<2x3xf32>) -> tensor<6xf32> {
  %shape = tf.Const dense<6> : tensor<1xi32> -> tensor<1xi32>
  // expected-error @below {{there is no operator of TensorFlow Lite for 'LowerBound'}}
  // expected-note @below {{help: '--custom=LowerBound'}}
  %0 = "tf.LowerBound"(%x) : (tensor<2x3xf32>) -> tensor<*xf32>
  %1 = tf.Relu %0 : (tensor<*xf32>) -> tensor<*xf32>
  %2 = tf.Reshape %1, %shape : (tensor<*xf32>, tensor<1xi32>) -> tensor<6xf32>
  return %2 : tensor<6xf32>
}

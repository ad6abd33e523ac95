// RUN: tflc-opt %s -tf-to-tfl -split-input-file -allow-unregistered-dialect -verify-diagnostics

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

// -----

// Elementwise operators take any rank.
func.func @any(%x: tensor<*xf32>) -> tensor<*xf32> {
  %0 = tf.Relu %x : (tensor<*xf32>) -> tensor<*xf32>
  return %0 : tensor<*xf32>
}

// -----

func.func @input(%x: tensor<*xf32>) -> tensor<*xf32> {
  // expected-error @below {{the number of dimensions of an input of the model is not known}}
  // expected-note @below {{help: '--shape=NAME:4x28x28' says what an input is}}
  %0 = tf.Softmax %x : (tensor<*xf32>) -> tensor<*xf32>
  return %0 : tensor<*xf32>
}

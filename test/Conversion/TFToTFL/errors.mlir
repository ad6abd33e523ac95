// RUN: tflc-opt %s -tf-to-tfl -verify-diagnostics

// Everything that cannot be converted is reported, not only the first.
func.func @unsupported(%x: tensor<2xf32>) -> (tensor<2xf32>, tensor<2xf32>) {
  // expected-error @below {{there is no operator of TensorFlow Lite for 'Erf'}}
  // expected-note @below {{help: '--custom=Erf' keeps it as a custom operator}}
  %0 = tf.Erf %x : (tensor<2xf32>) -> tensor<2xf32>
  // expected-error @below {{there is no operator of TensorFlow Lite for 'Betainc'}}
  // expected-note @below {{help: '--custom=Betainc' keeps it}}
  %1 = "tf.Betainc"(%x) : (tensor<2xf32>) -> tensor<2xf32>
  return %0, %1 : tensor<2xf32>, tensor<2xf32>
}

// The kernel takes no int64.
func.func @wide(%x: tensor<2xi64>) -> tensor<2xi64> {
  // expected-error @below {{there is no operator of TensorFlow Lite for 'FloorDiv' of 'tensor<2xi64>'}}
  // expected-note @below {{help: '--custom=FloorDiv' keeps it}}
  %0 = tf.FloorDiv %x, %x : (tensor<2xi64>, tensor<2xi64>) -> tensor<2xi64>
  return %0 : tensor<2xi64>
}

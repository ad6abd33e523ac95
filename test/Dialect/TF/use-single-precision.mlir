// RUN: tflc-opt %s -tf-use-single-precision -canonicalize -verify-diagnostics | FileCheck %s

// CHECK-LABEL: func.func @inner
// CHECK-SAME: -> tensor<2xf32>
// CHECK-NEXT: %[[Y:.*]] = tf.Relu %arg0 : (tensor<2xf32>) -> tensor<2xf32>
// CHECK-NEXT: return %[[Y]]
func.func @inner(%x: tensor<2xf32>) -> tensor<2xf32> {
  %0 = tf.Cast %x {DstT = f16} : (tensor<2xf32>) -> tensor<2xf16>
  %1 = tf.Relu %0 : (tensor<2xf16>) -> tensor<2xf16>
  %2 = tf.Cast %1 {DstT = f32} : (tensor<2xf16>) -> tensor<2xf32>
  return %2 : tensor<2xf32>
}

// CHECK-LABEL: func.func @outer
// CHECK-SAME: (%arg0: tensor<2xbf16>) -> tensor<2xbf16>
// CHECK: %[[X:.*]] = tf.Cast %arg0 {{.*}} -> tensor<2xf32>
// CHECK: %[[Y:.*]] = tf.AddV2 %[[X]], %{{.*}} -> tensor<2xf32>
// CHECK: tf.Cast %[[Y]] {{.*}} -> tensor<2xbf16>
func.func @outer(%x: tensor<2xbf16>) -> tensor<2xbf16> {
  %b = tf.Const dense<0.5> : tensor<2xbf16> -> tensor<2xbf16>
  %0 = tf.AddV2 %x, %b : (tensor<2xbf16>, tensor<2xbf16>) -> tensor<2xbf16>
  return %0 : tensor<2xbf16>
}

// A conversion there and back rounds.
// CHECK-LABEL: func.func @round
// CHECK: tf.Cast %arg0 {{.*}} -> tensor<2xf16>
func.func @round(%x: tensor<2xf32>) -> tensor<2xf32> {
  %0 = tf.Cast %x {DstT = f16} : (tensor<2xf32>) -> tensor<2xf16>
  %1 = tf.Cast %0 {DstT = f32} : (tensor<2xf16>) -> tensor<2xf32>
  return %1 : tensor<2xf32>
}

// CHECK-LABEL: func.func @double
// CHECK: %[[X:.*]] = tf.Cast %arg0 {{.*}} -> tensor<2xf32>
// CHECK: %[[Y:.*]] = tf.Exp %[[X]] {{.*}} -> tensor<2xf32>
// CHECK: tf.Cast %[[Y]] {{.*}} -> tensor<2xf64>
func.func @double(%x: tensor<2xf64>) -> tensor<2xf64> {
  // expected-warning @+2 {{no operator of TensorFlow Lite computes in float64}}
  // expected-note @+1 {{what the model computes in float64 is computed in float32}}
  %0 = tf.Exp %x : (tensor<2xf64>) -> tensor<2xf64>
  return %0 : tensor<2xf64>
}

// The constant would be zero, and the logarithm infinite.
// CHECK-LABEL: func.func @tiny
// CHECK: tf.AddV2 {{.*}} -> tensor<2xf64>
func.func @tiny(%x: tensor<2xf64>) -> tensor<2xf64> {
  %tiny = tf.Const dense<1.0e-300> : tensor<f64> -> tensor<f64>
  %0 = tf.AddV2 %x, %tiny : (tensor<2xf64>, tensor<f64>) -> tensor<2xf64>
  %1 = tf.Log %0 : (tensor<2xf64>) -> tensor<2xf64>
  return %1 : tensor<2xf64>
}

// What moves elements takes doubles.
// CHECK-LABEL: func.func @moves
// CHECK: tf.Reshape {{.*}} -> tensor<1x2xf64>
func.func @moves(%x: tensor<2xf64>) -> tensor<1x2xf64> {
  %shape = tf.Const dense<[1, 2]> : tensor<2xi32> -> tensor<2xi32>
  %0 = tf.Reshape %x, %shape : (tensor<2xf64>, tensor<2xi32>) -> tensor<1x2xf64>
  return %0 : tensor<1x2xf64>
}

// These have kernels for float64.
// CHECK-LABEL: func.func @double_kernels
// CHECK: tf.Atan2 {{.*}} -> tensor<2xf64>
// CHECK: tf.ComplexAbs {{.*}} -> tensor<2xf64>
func.func @double_kernels(%x: tensor<2xf64>, %c: tensor<2xcomplex<f64>>) -> (tensor<2xf64>, tensor<2xf64>) {
  %0 = tf.Atan2 %x, %x : (tensor<2xf64>, tensor<2xf64>) -> tensor<2xf64>
  %1 = tf.ComplexAbs %c : (tensor<2xcomplex<f64>>) -> tensor<2xf64>
  return %0, %1 : tensor<2xf64>, tensor<2xf64>
}

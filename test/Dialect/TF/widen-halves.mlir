// RUN: tflc-opt %s -tf-widen-halves -canonicalize | FileCheck %s

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

// RUN: tflc-opt %s -tf-to-tfl | FileCheck %s

// CHECK-LABEL: func.func @spectrum
// CHECK: %[[S:.*]] = tfl.rfft2d %arg0
// CHECK: tfl.complex_abs %[[S]]
func.func @spectrum(%x: tensor<3x1x8xf32>) -> tensor<3x1x5xf32> {
  %n = tf.Const dense<[1, 8]> : tensor<2xi32> -> tensor<2xi32>
  %0 = tf.RFFT2D %x, %n : (tensor<3x1x8xf32>, tensor<2xi32>) -> tensor<3x1x5xcomplex<f32>>
  %1 = tf.ComplexAbs %0 : (tensor<3x1x5xcomplex<f32>>) -> tensor<3x1x5xf32>
  return %1 : tensor<3x1x5xf32>
}

// CHECK-LABEL: func.func @random
// CHECK: tfl.random_uniform {{.*}}seed = 3 : i64, seed2 = 4 : i64
func.func @random(%shape: tensor<2xi32>) -> tensor<?x?xf32> {
  %0 = tf.RandomUniform %shape {seed = 3 : i64, seed2 = 4 : i64, dtype = f32} : (tensor<2xi32>) -> tensor<?x?xf32>
  return %0 : tensor<?x?xf32>
}

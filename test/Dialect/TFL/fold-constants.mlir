// RUN: tflc-opt %s -tfl-fold-constants | FileCheck %s

// CHECK-LABEL: @halfs
func.func @halfs() -> tensor<3xf32> {
  // CHECK: tfl.const dense<[1.000000e+00, -2.500000e-01, 5.96046448E-8]> : tensor<3xf32>
  // CHECK-NOT: tfl.dequantize
  %0 = tfl.const dense<[1.0, -0.25, 5.9604644775390625e-8]> : tensor<3xf16> -> tensor<3xf16>
  %1 = tfl.dequantize %0 : (tensor<3xf16>) -> tensor<3xf32>
  return %1 : tensor<3xf32>
}

// CHECK-LABEL: @transpose
func.func @transpose() -> tensor<3x2xi8> {
  // CHECK: tfl.const dense<{{\[\[}}1, 4], [2, 5], [3, 6]]> : tensor<3x2xi8>
  %perm = tfl.const dense<[1, 0]> : tensor<2xi32> -> tensor<2xi32>
  %0 = tfl.const dense<[[1, 2, 3], [4, 5, 6]]> : tensor<2x3xi8> -> tensor<2x3xi8>
  %1 = tfl.transpose %0, %perm : (tensor<2x3xi8>, tensor<2xi32>) -> tensor<3x2xi8>
  return %1 : tensor<3x2xi8>
}

// Each random operator has a counter of its own, which an invocation moves on.
// RUN: tflc-opt %s -split-input-file -tfl-to-linalg -canonicalize | FileCheck %s

// CHECK: tflrt.variable @random : tensor<2xi64> = dense<[0, 9]>
// CHECK: tflrt.variable @[[OTHER:.*]] : tensor<2xi64> = dense<0>
// CHECK-LABEL: @uniform
// CHECK: tflrt.read_variable
// CHECK: linalg.generic
// CHECK: tflrt.assign_variable
func.func @uniform() -> (tensor<3x5xf32>, tensor<4xf32>) {
  %s = tfl.const dense<[3, 5]> : tensor<2xi32> -> tensor<2xi32>
  %t = tfl.const dense<4> : tensor<1xi32> -> tensor<1xi32>
  %x = tfl.random_uniform %s {seed = 7 : i64, seed2 = 9 : i64} : (tensor<2xi32>) -> tensor<3x5xf32>
  %y = tfl.random_standard_normal %t {seed = 7 : i64} : (tensor<1xi32>) -> tensor<4xf32>
  return %x, %y : tensor<3x5xf32>, tensor<4xf32>
}

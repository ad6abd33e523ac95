// RUN: tflc-opt %s -tfl-quantize-float16 | FileCheck %s

// CHECK: module attributes {tfl.operator_versions = {DEQUANTIZE = 3 : i32}}

// One constant for two users; a number too large for a half stays finite.
// CHECK-LABEL: @shared
func.func @shared(%x: tensor<2xf32>) -> tensor<2xf32> {
  // CHECK: %[[H:.*]] = tfl.const dense<[1.500000e+00, 6.550400e+04]> : tensor<2xf16> -> tensor<2xf16>
  // CHECK: %[[W:.*]] = tfl.dequantize %[[H]]
  // CHECK-NOT: tfl.dequantize
  // CHECK: tfl.add %arg0, %[[W]]
  // CHECK: tfl.mul %{{.*}}, %[[W]]
  %w = tfl.const dense<[1.5, 1.0e9]> : tensor<2xf32> -> tensor<2xf32>
  %0 = tfl.add %x, %w : (tensor<2xf32>, tensor<2xf32>) -> tensor<2xf32>
  %1 = tfl.mul %0, %w : (tensor<2xf32>, tensor<2xf32>) -> tensor<2xf32>
  return %1 : tensor<2xf32>
}

// CHECK-LABEL: @kept
func.func @kept(%x: tensor<2xf32>) -> tensor<2xf32> {
  // CHECK: tfl.const dense<1.500000e+00> : tensor<2xf32>
  %w = tfl.const dense<1.5> : tensor<2xf32> {tfl.keep_float} -> tensor<2xf32>
  %0 = tfl.add %x, %w : (tensor<2xf32>, tensor<2xf32>) -> tensor<2xf32>
  return %0 : tensor<2xf32>
}

// Integers are no business of this pass.
// CHECK-LABEL: @integers
func.func @integers(%x: tensor<2xi32>) -> tensor<2xi32> {
  // CHECK: tfl.const dense<3> : tensor<2xi32>
  %w = tfl.const dense<3> : tensor<2xi32> -> tensor<2xi32>
  %0 = tfl.add %x, %w : (tensor<2xi32>, tensor<2xi32>) -> tensor<2xi32>
  return %0 : tensor<2xi32>
}

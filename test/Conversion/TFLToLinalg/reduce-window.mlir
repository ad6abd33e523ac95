// RUN: tflc-opt %s -split-input-file -tfl-to-linalg -canonicalize | FileCheck %s

// CHECK: #[[PLACES:.*]] = affine_map<(d0, d1, d2, d3) -> (d0 * 2 + d2, d1 + d3 * 3)>
// CHECK-LABEL: @maximum
// CHECK: %[[INITIAL:.*]] = tensor.extract %arg1[]
// CHECK: linalg.fill ins(%[[INITIAL]] : f32) {{.*}} -> tensor<2x3xf32>
// CHECK: linalg.generic {indexing_maps = [#[[PLACES]], {{.*}} iterator_types = ["parallel", "parallel", "reduction", "reduction"]
// CHECK: %[[KEPT:.*]] = arith.cmpf oge, %[[SUM:.*]], %[[X:.*]] : f32
// CHECK: arith.select %[[KEPT]], %[[SUM]], %[[X]]
func.func @maximum(%x: tensor<4x6xf32>, %i: tensor<f32>) -> tensor<2x3xf32> {
  %w = tfl.const dense<2> : tensor<2xi64> -> tensor<2xi64>
  %s = tfl.const dense<[2, 1]> : tensor<2xi64> -> tensor<2xi64>
  %d = tfl.const dense<[1, 3]> : tensor<2xi64> -> tensor<2xi64>
  %y = tfl.reduce_window %x, %i, %w, %s, %d {reduce_function = "MAXIMUM"}
    : (tensor<4x6xf32>, tensor<f32>, tensor<2xi64>, tensor<2xi64>, tensor<2xi64>) -> tensor<2x3xf32>
  return %y : tensor<2x3xf32>
}

// -----

// The window does not fit: nothing.
// CHECK-LABEL: @too_large
// CHECK: tensor<0xi32>
func.func @too_large(%x: tensor<4xi32>, %i: tensor<i32>) -> tensor<0xi32> {
  %w = tfl.const dense<5> : tensor<1xi64> -> tensor<1xi64>
  %one = tfl.const dense<1> : tensor<1xi64> -> tensor<1xi64>
  %y = tfl.reduce_window %x, %i, %w, %one, %one {reduce_function = "ADD"}
    : (tensor<4xi32>, tensor<i32>, tensor<1xi64>, tensor<1xi64>, tensor<1xi64>) -> tensor<0xi32>
  return %y : tensor<0xi32>
}

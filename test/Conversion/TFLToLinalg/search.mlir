// Searches are loops in order. How much they find is bounded by the size of what they search.
// RUN: tflc-opt %s -split-input-file -tfl-to-linalg -canonicalize | FileCheck %s

// CHECK-LABEL: @topk
// CHECK-DAG: %[[VALUES:.*]] = tensor.empty() : tensor<4x3xf32>
// CHECK-DAG: %[[INDICES:.*]] = tensor.empty() : tensor<4x3xi32>
// CHECK: scf.for %[[ROW:.*]] = {{.*}} iter_args(%{{.*}} = %[[VALUES]], %{{.*}} = %[[INDICES]])
// CHECK:   scf.for
// CHECK:     tensor.extract %arg0[%[[ROW]], %{{.*}}]
// CHECK:     scf.while
func.func @topk(%x: tensor<4x9xf32>) -> (tensor<4x3xf32>, tensor<4x3xi32>) {
  %k = tfl.const dense<3> : tensor<i32> -> tensor<i32>
  %v, %i = tfl.topk_v2 %x, %k : (tensor<4x9xf32>, tensor<i32>) -> (tensor<4x3xf32>, tensor<4x3xi32>)
  return %v, %i : tensor<4x3xf32>, tensor<4x3xi32>
}

// -----

// A number of elements that is fed is guarded.
// CHECK-LABEL: @topk_fed
// CHECK: tflrt.guard
// CHECK: %[[K:.*]] = arith.minui %{{.*}}, %c9
// CHECK: tensor.empty(%[[K]]) : tensor<?xi8>
func.func @topk_fed(%x: tensor<9xui8>, %k: tensor<i32>) -> (tensor<?xui8>, tensor<?xi32>) {
  %v, %i = tfl.topk_v2 %x, %k : (tensor<9xui8>, tensor<i32>) -> (tensor<?xui8>, tensor<?xi32>)
  return %v, %i : tensor<?xui8>, tensor<?xi32>
}

// -----

// CHECK-LABEL: @where
// CHECK: %[[COUNT:.*]] = scf.for
// CHECK: %[[ROWS:.*]] = arith.minui %[[COUNT]], %c8
// CHECK: tensor.empty(%[[ROWS]]) : tensor<?x2xi64>
// CHECK: scf.if
func.func @where(%x: tensor<2x4xi1>) -> tensor<?x2xi64> {
  %0 = tfl.where %x : (tensor<2x4xi1>) -> tensor<?x2xi64>
  return %0 : tensor<?x2xi64>
}

// -----

// CHECK-LABEL: @unique
// CHECK: %[[FOUND:.*]]:3 = scf.for
// CHECK:   scf.while
// CHECK: arith.minui %[[FOUND]]#2, %c9
func.func @unique(%x: tensor<9xi16>) -> (tensor<?xi16>, tensor<9xi64>) {
  %v, %i = tfl.unique %x {idx_out_type = "INT64"} : (tensor<9xi16>) -> (tensor<?xi16>, tensor<9xi64>)
  return %v, %i : tensor<?xi16>, tensor<9xi64>
}

// A sum that also stores what it has so far.
// RUN: tflc-opt %s -split-input-file -tfl-to-linalg -canonicalize | FileCheck %s

// CHECK-LABEL: @cumsum
// CHECK: %[[ZEROS:.*]] = linalg.fill {{.*}} -> tensor<4xf32>
// CHECK: %[[SUMS:.*]]:2 = linalg.generic {{.*}} iterator_types = ["reduction", "parallel"]} ins(%arg0 : {{.*}}) outs(%[[ZEROS]], %{{.*}} : tensor<4xf32>, tensor<3x4xf32>)
// CHECK: ^bb0(%[[X:.*]]: f32, %[[SO_FAR:.*]]: f32, %{{.*}}: f32):
// CHECK: %[[SUM:.*]] = arith.addf %[[SO_FAR]], %[[X]]
// CHECK: linalg.yield %[[SUM]], %[[SUM]]
// CHECK: return %[[SUMS]]#1
func.func @cumsum(%x: tensor<3x4xf32>) -> tensor<3x4xf32> {
  %a = tfl.const dense<-2> : tensor<i32> -> tensor<i32>
  %y = tfl.cumsum %x, %a {exclusive = false, reverse = false} : (tensor<3x4xf32>, tensor<i32>) -> tensor<3x4xf32>
  return %y : tensor<3x4xf32>
}

// -----

// CHECK-LABEL: @exclusive
// CHECK: ^bb0(%[[X:.*]]: i64, %[[SO_FAR:.*]]: i64, %{{.*}}: i64):
// CHECK: %[[SUM:.*]] = arith.addi %[[SO_FAR]], %[[X]]
// CHECK: linalg.yield %[[SUM]], %[[SO_FAR]]
func.func @exclusive(%x: tensor<3xi64>) -> tensor<3xi64> {
  %a = tfl.const dense<0> : tensor<i32> -> tensor<i32>
  %y = tfl.cumsum %x, %a {exclusive = true, reverse = false} : (tensor<3xi64>, tensor<i32>) -> tensor<3xi64>
  return %y : tensor<3xi64>
}

// -----

// From the end: the input and the result backwards.
// CHECK-LABEL: @reverse
// CHECK: %[[BACKWARDS:.*]] = linalg.generic
// CHECK: tensor.extract %arg0
// CHECK: linalg.generic {{.*}} ins(%[[BACKWARDS]]
// CHECK: linalg.generic
// CHECK: tensor.extract
func.func @reverse(%x: tensor<3xi32>) -> tensor<3xi32> {
  %a = tfl.const dense<0> : tensor<i32> -> tensor<i32>
  %y = tfl.cumsum %x, %a {exclusive = false, reverse = true} : (tensor<3xi32>, tensor<i32>) -> tensor<3xi32>
  return %y : tensor<3xi32>
}

// -----

// A fed axis is checked; its size and stride are chosen, and one loop runs over all elements.
// CHECK-LABEL: @fed_axis
// CHECK: tflrt.guard
// CHECK: %[[NAMED:.*]] = linalg.generic {{.*}} outs(%{{.*}} : tensor<2xi8>)
// CHECK: %[[BYTE:.*]] = tensor.extract %[[NAMED]][%c0]
// CHECK: %[[IS_FIRST:.*]] = arith.cmpi ne, %[[BYTE]]
// CHECK: %[[EXTENT:.*]] = arith.select %[[IS_FIRST]], %c3, %c4
// CHECK: %[[STRIDE:.*]] = arith.select %[[IS_FIRST]], %c4, %c1
// CHECK: scf.for %[[AT:.*]] = %{{.*}} to %{{.*}} step %{{.*}} iter_args(%[[SUMS:.*]] = %{{.*}}) -> (tensor<12xf32>)
// CHECK: %[[ROW:.*]] = arith.divui %[[AT]], %[[STRIDE]]
// CHECK: arith.remui %[[ROW]], %[[EXTENT]]
// CHECK: tensor.extract %[[SUMS]]
// CHECK: tensor.insert %{{.*}} into %[[SUMS]][%[[AT]]]
func.func @fed_axis(%x: tensor<3x4xf32>, %a: tensor<i32>) -> tensor<3x4xf32> {
  %y = tfl.cumsum %x, %a {exclusive = false, reverse = false} : (tensor<3x4xf32>, tensor<i32>) -> tensor<3x4xf32>
  return %y : tensor<3x4xf32>
}

// Writes to places that data give are loops in order; the places are guarded first.
// RUN: tflc-opt %s -split-input-file -tfl-to-linalg -canonicalize | FileCheck %s

// CHECK-LABEL: @scatter_nd
// CHECK: %[[INDICES:.*]] = tflrt.guard %{{.*}}, %arg0
// CHECK: %[[ZEROS:.*]] = linalg.fill
// CHECK: scf.for %[[ROW:.*]] = {{.*}} iter_args(%{{.*}} = %[[ZEROS]])
// CHECK:   scf.for %[[COLUMN:.*]] = {{.*}} iter_args(%[[TARGET:.*]] = %{{.*}})
// CHECK:     %[[INDEX:.*]] = tensor.extract %[[INDICES]][%[[ROW]], %{{.*}}]
// CHECK:     %[[PLACE:.*]] = arith.index_cast %[[INDEX]]
// CHECK:     %[[UPDATE:.*]] = tensor.extract %arg1[%[[ROW]], %[[COLUMN]]]
// CHECK:     %[[OLD:.*]] = tensor.extract %[[TARGET]][%[[PLACE]], %[[COLUMN]]]
// CHECK:     %[[SUM:.*]] = arith.addf %[[OLD]], %[[UPDATE]]
// CHECK:     tensor.insert %[[SUM]] into %[[TARGET]][%[[PLACE]], %[[COLUMN]]]
func.func @scatter_nd(%i: tensor<4x1xi32>, %u: tensor<4x3xf32>) -> tensor<8x3xf32> {
  %s = tfl.const dense<[8, 3]> : tensor<2xi32> -> tensor<2xi32>
  %y = tfl.scatter_nd %i, %u, %s : (tensor<4x1xi32>, tensor<4x3xf32>, tensor<2xi32>) -> tensor<8x3xf32>
  return %y : tensor<8x3xf32>
}

// -----

// CHECK-LABEL: @scatter_nd_bool
// CHECK: scf.for
// CHECK: arith.ori
func.func @scatter_nd_bool(%i: tensor<4x1xi32>, %u: tensor<4xi1>) -> tensor<8xi1> {
  %s = tfl.const dense<8> : tensor<1xi32> -> tensor<1xi32>
  %y = tfl.scatter_nd %i, %u, %s : (tensor<4x1xi32>, tensor<4xi1>, tensor<1xi32>) -> tensor<8xi1>
  return %y : tensor<8xi1>
}

// -----

// No update: the zeros alone.
// CHECK-LABEL: @scatter_nothing
// CHECK-NOT: scf.for
func.func @scatter_nothing(%i: tensor<0x1xi32>, %u: tensor<0xf32>) -> tensor<8xf32> {
  %s = tfl.const dense<8> : tensor<1xi32> -> tensor<1xi32>
  %y = tfl.scatter_nd %i, %u, %s : (tensor<0x1xi32>, tensor<0xf32>, tensor<1xi32>) -> tensor<8xf32>
  return %y : tensor<8xf32>
}

// -----

// One value for all places; the last one at a place stays.
// CHECK-LABEL: @sparse_to_dense
// CHECK: %[[INDICES:.*]] = tflrt.guard %{{.*}}, %arg0
// CHECK: %[[VALUE:.*]] = tensor.extract %arg1[]
// CHECK: %[[DEFAULT:.*]] = tensor.extract %arg2[]
// CHECK: linalg.fill ins(%[[DEFAULT]]
// CHECK: scf.for
// CHECK:   tensor.insert %[[VALUE]]
func.func @sparse_to_dense(%i: tensor<4xi64>, %v: tensor<i8>, %d: tensor<i8>) -> tensor<9xi8> {
  %s = tfl.const dense<9> : tensor<1xi64> -> tensor<1xi64>
  %y = tfl.sparse_to_dense %i, %s, %v, %d : (tensor<4xi64>, tensor<1xi64>, tensor<i8>, tensor<i8>) -> tensor<9xi8>
  return %y : tensor<9xi8>
}

// -----

// The box is moved inside.
// CHECK-LABEL: @dynamic_update_slice
// CHECK-DAG: %[[ZERO:.*]] = arith.constant 0 : index
// CHECK-DAG: %[[MOST:.*]] = arith.constant 2 : index
// CHECK: %[[START:.*]] = arith.index_cast
// CHECK: %[[LOW:.*]] = arith.maxsi %[[START]], %[[ZERO]]
// CHECK: %[[ROW:.*]] = arith.minsi %[[LOW]], %[[MOST]]
// CHECK: tensor.insert_slice %arg1 into %arg0[%[[ROW]], %{{.*}}] [2, 5] [1, 1]
func.func @dynamic_update_slice(%x: tensor<4x5xi8>, %u: tensor<2x5xi8>, %at: tensor<2xi32>) -> tensor<4x5xi8> {
  %y = tfl.dynamic_update_slice %x, %u, %at : (tensor<4x5xi8>, tensor<2x5xi8>, tensor<2xi32>) -> tensor<4x5xi8>
  return %y : tensor<4x5xi8>
}

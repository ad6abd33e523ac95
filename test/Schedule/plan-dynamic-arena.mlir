// RUN: tflc-opt %s -tflc-plan-dynamic-arena -split-input-file | FileCheck %s

// Buffers of the same factor share a slot when their lifetimes allow, behind the fixed part.
// CHECK-LABEL: module attributes {tflc.arena_size = 100 : i64}
module attributes {tflc.arena_size = 100 : i64} {
  // CHECK-LABEL: func.func @main(
  // CHECK-SAME: %[[X:.*]]: memref<1xi8>, %[[Y:.*]]: memref<1xi8>, %[[ARENA:.*]]: memref<100xi8> {tflc.arena}, %[[N:.*]]: index
  func.func @main(%x: memref<1xi8>, %y: memref<1xi8>, %arena: memref<100xi8> {tflc.arena}, %n: index {tflc.dim = [0, 0]}) {
    // CHECK: %[[START:.*]] = arith.constant 128 : index
    // CHECK: arith.muli %{{.*}}, %[[N]]
    %c0 = arith.constant 0 : index
    %c2 = arith.constant 2 : index
    %half = arith.divui %n, %c2 : index
    %in = memref.view %x[%c0][%n] : memref<1xi8> to memref<?xf32>
    // CHECK: memref.view %[[ARENA]][%[[START]]][%[[N]]] : memref<100xi8> to memref<?x4xf32>
    %a = memref.alloc(%n) : memref<?x4xf32>
    // CHECK: memref.view %[[ARENA]][%[[SECOND:.*]]][%[[N]]] : memref<100xi8> to memref<?xf32>
    %b = memref.alloc(%n) : memref<?xf32>
    memref.copy %in, %b : memref<?xf32> to memref<?xf32>
    %v = memref.load %a[%c0, %c0] : memref<?x4xf32>
    memref.store %v, %b[%c0] : memref<?xf32>
    // The first buffer is no longer needed.
    // CHECK: memref.view %[[ARENA]][%[[START]]][%[[N]]] : memref<100xi8> to memref<?xf32>
    %c = memref.alloc(%n) : memref<?xf32>
    memref.copy %b, %c : memref<?xf32> to memref<?xf32>
    %out = memref.view %y[%c0][%half] : memref<1xi8> to memref<?xf32>
    %w = memref.load %c[%c0] : memref<?xf32>
    memref.store %w, %out[%c0] : memref<?xf32>
    return
  }
  // CHECK-LABEL: func.func @main.plan(
  // CHECK-SAME: %[[DIM:.*]]: index) -> (index, index)
  // CHECK: %[[HALF:.*]] = arith.divui %[[DIM]],
  // CHECK: return %{{.*}}, %[[HALF]] : index, index
}

// -----

// Fixed shapes need no plan.
// CHECK-LABEL: func.func @fixed
// CHECK-NOT: fixed.plan
func.func @fixed(%x: memref<4xf32>, %y: memref<4xf32>, %arena: memref<1xi8> {tflc.arena}) {
  memref.copy %x, %y : memref<4xf32> to memref<4xf32>
  return
}

// -----

// What data decide has no place before the data are known. A limit, the least of both, plans memory all the same;
// without one the buffer comes behind all others, where the arena has room.
// CHECK-LABEL: func.func @data(
// CHECK-SAME: %[[ARENA:[a-z0-9]+]]: memref<1xi8> {tflc.arena}, %[[EXTENTS:[a-z0-9]+]]: memref<3xi64> {tflc.extents}
// CHECK-SAME: tflc.measured_dims = [-1]
func.func @data(%x: memref<2xindex>, %y: memref<1xi8>, %arena: memref<1xi8> {tflc.arena}) {
  %c0 = arith.constant 0 : index
  %c1 = arith.constant 1 : index
  %c7 = arith.constant 7 : index
  %count = memref.load %x[%c0] : memref<2xindex>
  %few = arith.minui %count, %c7 : index
  %many = memref.load %x[%c1] : memref<2xindex>
  // CHECK: memref.view %[[ARENA]][%{{.*}}][%{{.*}}] : memref<1xi8> to memref<?xf32>
  %a = memref.alloc(%few) : memref<?xf32>
  // CHECK: %[[HELD:.*]] = memref.load %[[EXTENTS]]
  // CHECK: arith.cmpi sgt, %[[END:.*]], %[[HELD]]
  // CHECK: tflrt.guard
  // CHECK: memref.view %[[ARENA]]
  %b = memref.alloc(%many) : memref<?xf32>
  %v = memref.load %a[%c0] : memref<?xf32>
  memref.store %v, %b[%c0] : memref<?xf32>
  // The caller hears of the size, then the output is checked.
  // CHECK: memref.store %{{.*}}, %[[EXTENTS]]
  // CHECK: tflrt.guard
  // CHECK: memref.view %arg1
  %out = memref.view %y[%c0][%many] : memref<1xi8> to memref<?xf32>
  memref.copy %b, %out : memref<?xf32> to memref<?xf32>
  return
}
// CHECK-LABEL: func.func @data.plan() -> (index, index)
// CHECK: %[[UNKNOWN:.*]] = arith.constant -1 : index
// CHECK: return %{{.*}}, %[[UNKNOWN]]

// -----

// A size that the model does not know has become a constant: the caller is told all the same.
// CHECK-LABEL: func.func @known(
// CHECK-LABEL: func.func @known.plan(
// CHECK-SAME: %{{.*}}: index) -> (index, index)
// CHECK: %[[TWO:.*]] = arith.constant 2 : index
// CHECK: return %{{.*}}, %[[TWO]] : index, index
func.func @known(%x: memref<1xi8>, %y: memref<1xi8> {tflc.output_shape = array<i64: -9223372036854775808, 3>}, %arena: memref<1xi8> {tflc.arena},
    %n: index {tflc.dim = [0, 0]}) {
  %c0 = arith.constant 0 : index
  %f = arith.constant 0.0 : f32
  %out = memref.view %y[%c0][] : memref<1xi8> to memref<2x3xf32>
  memref.store %f, %out[%c0, %c0] : memref<2x3xf32>
  return
}

// -----

// The same for an output that nothing writes because it is empty.
// CHECK-LABEL: func.func @empty(
// CHECK-LABEL: func.func @empty.plan(
// CHECK-SAME: ) -> (index, index)
// CHECK: %[[SIZE:.*]] = arith.constant 0 : index
// CHECK: %[[ZERO:.*]] = arith.constant 0 : index
// CHECK: return %[[SIZE]], %[[ZERO]] : index, index
func.func @empty(%x: memref<1xi8>, %y: memref<1xi8> {tflc.output_shape = array<i64: -9223372036854775808, 3>, tflc.known_shape = array<i64: 0, 3>},
    %arena: memref<1xi8> {tflc.arena}) {
  return
}

// -----

// A number that only keeps a sum from overflowing bounds no output.
// CHECK-LABEL: func.func @unbounded(
// CHECK-SAME: tflc.measured_dims = [-1]
// CHECK-LABEL: func.func @unbounded.plan(
// CHECK: %[[NONE:.*]] = arith.constant -1 : index
// CHECK: return %{{.*}}, %[[NONE]] : index, index
func.func @unbounded(%x: memref<1xi8>, %y: memref<1xi8> {tflc.output_shape = array<i64: -9223372036854775808>}, %arena: memref<1xi8> {tflc.arena}) {
  %c0 = arith.constant 0 : index
  %most = arith.constant 536870912 : index
  %byte = memref.load %x[%c0] : memref<1xi8>
  %n = arith.index_cast %byte : i8 to index
  %positive = arith.maxsi %n, %c0 : index
  %size = arith.minsi %positive, %most : index
  %out = memref.view %y[%c0][%size] : memref<1xi8> to memref<?xi8>
  memref.store %byte, %out[%c0] : memref<?xi8>
  return
}

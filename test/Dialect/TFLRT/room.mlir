// RUN: tflc-opt %s -split-input-file | FileCheck %s
// RUN: tflc-opt %s -split-input-file -tflc-plan-dynamic-arena | FileCheck %s --check-prefix=PLAN

// The room is a quarter of what the caller's arena holds behind what is placed, and its tensor lies there. Where it is not
// enough, half as much again is asked for. What a loop needs inside lies behind, in each iteration.
module attributes {tflc.arena_size = 100 : i64} {
  // CHECK-LABEL: func.func @main
  // PLAN-LABEL: func.func @main
  // PLAN-SAME: %[[ARENA:[a-z0-9]*]]: memref<100xi8> {tflc.arena}, %[[EXTENTS:.*]]: memref<1xi64> {tflc.extents}
  func.func @main(%x: memref<8xi32>, %arena: memref<100xi8> {tflc.arena}) {
    %c0 = arith.constant 0 : index
    %c1 = arith.constant 1 : index
    %c9 = arith.constant 9 : index
    %ok = arith.constant 0 : i32
    %larger = arith.constant 5 : i32
    // CHECK: tflrt.room i32
    // PLAN: %[[HELD:.*]] = memref.load %[[EXTENTS]]
    // PLAN: %[[REST:.*]] = arith.subi %[[HELD]], %{{.*}} : i64
    // PLAN: %[[LEFT:.*]] = arith.maxsi %[[REST]], %{{.*}}
    // PLAN: arith.divui %[[LEFT]], %c16_i64
    %room = tflrt.room i32
    // PLAN: memref.view %[[ARENA]]
    %place = memref.alloc(%room) : memref<?xi32>
    scf.for %i = %c0 to %c9 step %c1 {
      %v = memref.load %x[%i] : memref<8xi32>
      %n = arith.index_cast %v : i32 to index
      // PLAN: scf.for
      // PLAN: tflrt.guard
      // PLAN: memref.view %[[ARENA]]
      %t = memref.alloc(%n) : memref<?xi32>
      memref.store %v, %t[%c0] : memref<?xi32>
      // PLAN: %[[MORE:.*]] = arith.select %{{.*}}, %{{.*}}, %{{.*}} : i64
      // PLAN: memref.store %[[MORE]], %[[EXTENTS]]
      // PLAN: tflrt.guard
      %is_larger = arith.cmpi ugt, %n, %room : index
      %status = arith.select %is_larger, %larger, %ok : i32
      tflrt.guard %status
      memref.copy %t, %place : memref<?xi32> to memref<?xi32>
    }
    return
  }
}

// RUN: tflc-opt %s --tflc-plan-arena | FileCheck %s

#id = affine_map<(i) -> (i)>

// Steps: fill %kept (0), fill %input (1); the loop: %first (2), %second (3), the branch: %then (4), %else (5); at last %kept (6).
// %input is read in each iteration, and so lives through the loop, as do the buffers that it carries. %first is dead before the
// branch, whose two blocks use one place.
// CHECK: module attributes {tflc.arena_alignment = 64 : i64, tflc.arena_lower_bound = 256 : i64
// CHECK-SAME: {first = 0 : i64, {{.*}} last = 6 : i64, name = "kept"
// CHECK-SAME: {first = 1 : i64, {{.*}} last = 5 : i64, name = "input"
// CHECK-SAME: {first = 2 : i64, {{.*}} last = 3 : i64, name = "first", offset = [[PLACE:[0-9]+]]
// CHECK-SAME: {first = 3 : i64, {{.*}} last = 5 : i64, name = "second"
// CHECK-SAME: {first = 4 : i64, {{.*}} last = 4 : i64, name = "then", offset = [[PLACE]]
// CHECK-SAME: {first = 5 : i64, {{.*}} last = 5 : i64, name = "else", offset = [[PLACE]]
// CHECK-SAME: tflc.arena_size = 256 : i64
// CHECK-LABEL: func.func @main
// CHECK-NOT: memref.alloc
func.func @main(%y: memref<64xi8>, %c: i1, %arena: memref<?xi8> {tflc.arena}) attributes {tfl.signature = "main"} {
  %c0 = arith.constant 0 : index
  %c1 = arith.constant 1 : index
  %c9 = arith.constant 9 : index
  %zero = arith.constant 0 : i8
  %kept = memref.alloc() : memref<64xi8> loc("kept")
  %input = memref.alloc() : memref<64xi8> loc("input")
  linalg.fill ins(%zero : i8) outs(%kept : memref<64xi8>)
  linalg.fill ins(%zero : i8) outs(%input : memref<64xi8>)
  scf.for %i = %c0 to %c9 step %c1 {
    %first = memref.alloc() : memref<64xi8> loc("first")
    %second = memref.alloc() : memref<64xi8> loc("second")
    linalg.generic {indexing_maps = [#id, #id], iterator_types = ["parallel"]} ins(%input : memref<64xi8>) outs(%first : memref<64xi8>) {
    ^bb0(%a: i8, %b: i8):
      linalg.yield %a : i8
    }
    linalg.generic {indexing_maps = [#id, #id], iterator_types = ["parallel"]} ins(%first : memref<64xi8>) outs(%second : memref<64xi8>) {
    ^bb0(%a: i8, %b: i8):
      linalg.yield %a : i8
    }
    scf.if %c {
      %then = memref.alloc() : memref<64xi8> loc("then")
      linalg.generic {indexing_maps = [#id, #id], iterator_types = ["parallel"]} ins(%second : memref<64xi8>) outs(%then : memref<64xi8>) {
      ^bb0(%a: i8, %b: i8):
        linalg.yield %a : i8
      }
    } else {
      %else = memref.alloc() : memref<64xi8> loc("else")
      linalg.generic {indexing_maps = [#id, #id], iterator_types = ["parallel"]} ins(%second : memref<64xi8>) outs(%else : memref<64xi8>) {
      ^bb0(%a: i8, %b: i8):
        linalg.yield %a : i8
      }
    }
  }
  linalg.generic {indexing_maps = [#id, #id], iterator_types = ["parallel"]} ins(%kept : memref<64xi8>) outs(%y : memref<64xi8>) {
  ^bb0(%a: i8, %b: i8):
    linalg.yield %a : i8
  }
  return
}

// RUN: tflc-opt %s --tflc-set-target=target=cortex-m4 --tflc-form-kernels --tflc-select-strategies --tflc-plan-arena --split-input-file | FileCheck %s

// A buffer of 400 bytes is read for the last time where one of 256 bytes is written, row by row and never ahead of what
// is still to be read: both lie at the arena's beginning, although their rows have different lengths.
// CHECK: tflc.arena_lower_bound = 400
// CHECK-SAME: tflc.arena_size = 400
// CHECK-LABEL: @shrink
#id = affine_map<(n, h, w, c) -> (n, h, w, c)>
func.func @shrink(%x: memref<1x10x10x4xi8>, %y: memref<1x8x8x4xi8>, %arena: memref<?xi8> {tflc.arena}) {
  %a = memref.alloc() : memref<1x10x10x4xi8>
  linalg.copy ins(%x : memref<1x10x10x4xi8>) outs(%a : memref<1x10x10x4xi8>)
  %i = memref.subview %a[0, 1, 1, 0] [1, 8, 8, 4] [1, 1, 1, 1] : memref<1x10x10x4xi8> to memref<1x8x8x4xi8, strided<[400, 40, 4, 1], offset: 44>>
  %b = memref.alloc() : memref<1x8x8x4xi8>
  linalg.generic {indexing_maps = [#id, #id], iterator_types = ["parallel", "parallel", "parallel", "parallel"]}
      ins(%i : memref<1x8x8x4xi8, strided<[400, 40, 4, 1], offset: 44>>) outs(%b : memref<1x8x8x4xi8>) {
  ^bb0(%p: i8, %q: i8):
    %s = arith.addi %p, %p : i8
    linalg.yield %s : i8
  }
  linalg.copy ins(%b : memref<1x8x8x4xi8>) outs(%y : memref<1x8x8x4xi8>)
  return
}

// -----

// The other way round the rows written are longer than those read, which then lie at the end of the place.
// CHECK: tflc.arena_map = [{{.*}}offset = 128 : i64, size = 256
// CHECK-SAME: tflc.arena_size = 400
// CHECK-LABEL: @grow
#id = affine_map<(n, h, w, c) -> (n, h, w, c)>
func.func @grow(%x: memref<1x8x8x4xi8>, %y: memref<1x10x10x4xi8>, %arena: memref<?xi8> {tflc.arena}) {
  %a = memref.alloc() : memref<1x8x8x4xi8>
  linalg.copy ins(%x : memref<1x8x8x4xi8>) outs(%a : memref<1x8x8x4xi8>)
  %b = memref.alloc() : memref<1x10x10x4xi8>
  %i = memref.subview %b[0, 1, 1, 0] [1, 8, 8, 4] [1, 1, 1, 1] : memref<1x10x10x4xi8> to memref<1x8x8x4xi8, strided<[400, 40, 4, 1], offset: 44>>
  linalg.generic {indexing_maps = [#id, #id], iterator_types = ["parallel", "parallel", "parallel", "parallel"]}
      ins(%a : memref<1x8x8x4xi8>) outs(%i : memref<1x8x8x4xi8, strided<[400, 40, 4, 1], offset: 44>>) {
  ^bb0(%p: i8, %q: i8):
    %s = arith.addi %p, %p : i8
    linalg.yield %s : i8
  }
  linalg.copy ins(%b : memref<1x10x10x4xi8>) outs(%y : memref<1x10x10x4xi8>)
  return
}

// -----

// What is read again stays.
// CHECK: tflc.arena_size = 512
// CHECK-LABEL: @again
#id = affine_map<(i) -> (i)>
func.func @again(%x: memref<256xi8>, %y: memref<256xi8>, %z: memref<256xi8>, %arena: memref<?xi8> {tflc.arena}) {
  %a = memref.alloc() : memref<256xi8>
  linalg.copy ins(%x : memref<256xi8>) outs(%a : memref<256xi8>)
  %b = memref.alloc() : memref<256xi8>
  linalg.generic {indexing_maps = [#id, #id], iterator_types = ["parallel"]} ins(%a : memref<256xi8>) outs(%b : memref<256xi8>) {
  ^bb0(%p: i8, %q: i8):
    %s = arith.addi %p, %p : i8
    linalg.yield %s : i8
  }
  linalg.copy ins(%b : memref<256xi8>) outs(%y : memref<256xi8>)
  linalg.copy ins(%a : memref<256xi8>) outs(%z : memref<256xi8>)
  return
}

// -----

// A window that moves along reads each element three times, the last time before its place is written.
// CHECK: tflc.arena_size = 256
// CHECK-LABEL: @window
#in = affine_map<(i, k) -> (i + k)>
#out = affine_map<(i, k) -> (i)>
#k = affine_map<(i, k) -> (k)>
func.func @window(%x: memref<256xi8>, %w: memref<3xi8>, %y: memref<254xi8>, %arena: memref<?xi8> {tflc.arena}) {
  %zero = arith.constant 0 : i8
  %a = memref.alloc() : memref<256xi8>
  linalg.copy ins(%x : memref<256xi8>) outs(%a : memref<256xi8>)
  %b = memref.alloc() : memref<254xi8>
  linalg.fill ins(%zero : i8) outs(%b : memref<254xi8>)
  linalg.generic {indexing_maps = [#in, #k, #out], iterator_types = ["parallel", "reduction"]}
      ins(%a, %w : memref<256xi8>, memref<3xi8>) outs(%b : memref<254xi8>) {
  ^bb0(%p: i8, %q: i8, %r: i8):
    %m = arith.muli %p, %q : i8
    %s = arith.addi %r, %m : i8
    linalg.yield %s : i8
  }
  linalg.copy ins(%b : memref<254xi8>) outs(%y : memref<254xi8>)
  return
}

// -----

// A transposition writes where it has not read yet.
// CHECK: tflc.arena_size = 512
// CHECK-LABEL: @transpose
func.func @transpose(%x: memref<16x16xi8>, %y: memref<16x16xi8>, %arena: memref<?xi8> {tflc.arena}) {
  %a = memref.alloc() : memref<16x16xi8>
  linalg.copy ins(%x : memref<16x16xi8>) outs(%a : memref<16x16xi8>)
  %b = memref.alloc() : memref<16x16xi8>
  linalg.generic {indexing_maps = [affine_map<(i, j) -> (j, i)>, affine_map<(i, j) -> (i, j)>],
      iterator_types = ["parallel", "parallel"]} ins(%a : memref<16x16xi8>) outs(%b : memref<16x16xi8>) {
  ^bb0(%p: i8, %q: i8):
    linalg.yield %p : i8
  }
  linalg.copy ins(%b : memref<16x16xi8>) outs(%y : memref<16x16xi8>)
  return
}

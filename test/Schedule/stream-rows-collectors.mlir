// RUN: tflc-opt %s --split-input-file --tflc-fill-borders --tflc-form-kernels --tflc-select-strategies --tflc-stream-rows | FileCheck %s
// RUN: tflc-opt %s --split-input-file --tflc-fill-borders --tflc-form-kernels --tflc-select-strategies --tflc-stream-rows \
// RUN:   --tflc-select-strategies --tflc-plan-arena --tflc-emit-kernels --convert-linalg-to-loops | FileCheck %s --check-prefix=EMITTED

// The mean of seven rows: its sums are cleared in front of the loop, a row joins them as soon as it is there, and the mean is
// made of them behind it. Of the rows one exists at a time.
// CHECK-LABEL: @mean
// CHECK: %[[RING:.*]] = memref.alloc() {tflc.rows_of = 7 : i64} : memref<1x1x16x4xi8>
// CHECK: %[[SUMS:.*]] = memref.alloc() : memref<1x4xi32>
// CHECK: linalg.fill ins(%{{.*}} : i32) outs(%[[SUMS]] :
// CHECK: scf.for %{{.*}} = %c0{{.*}} to %c7
// CHECK-NOT: scf.for
// CHECK: arith.muli
// CHECK: %[[ROW:.*]] = memref.subview %[[RING]][0, 0, 0, 0] [1, 1, 16, 4]
// CHECK-NEXT: tflrt.kernel
// CHECK-NEXT: linalg.generic {{.*}} ins(%[[ROW]] : {{.*}}) outs(%[[SUMS]] : memref<1x4xi32>)
// CHECK: arith.addi
// CHECK: {tflc.row_chain = {collectors = 1 : i64, stripe = 1 : i64}}
// CHECK-NEXT: tflrt.kernel
// CHECK-NEXT: linalg.generic {{.*}} ins(%[[SUMS]] : memref<1x4xi32>) outs(%arg1 : memref<1x4xi8>)
// CHECK: arith.divsi
// EMITTED: tflc.arena_map = [{{.*}}rows = 1 : i64, rows_of = 7 : i64
// EMITTED-SAME: tflc.arena_size = 80
// EMITTED-LABEL: @mean
// EMITTED-NOT: tflrt.kernel
func.func @mean(%x: memref<1x7x16x4xi8>, %y: memref<1x4xi8>, %arena: memref<?xi8> {tflc.arena}) {
  %zero = arith.constant 0 : i32
  %count = arith.constant 112 : i32
  %t = memref.alloc() : memref<1x7x16x4xi8>
  linalg.generic {
      indexing_maps = [affine_map<(n, h, w, c) -> (n, h, w, c)>, affine_map<(n, h, w, c) -> (n, h, w, c)>],
      iterator_types = ["parallel", "parallel", "parallel", "parallel"]}
      ins(%x : memref<1x7x16x4xi8>) outs(%t : memref<1x7x16x4xi8>) {
  ^bb0(%a: i8, %b: i8):
    %s = arith.muli %a, %a : i8
    linalg.yield %s : i8
  }
  %sums = memref.alloc() : memref<1x4xi32>
  linalg.fill ins(%zero : i32) outs(%sums : memref<1x4xi32>)
  linalg.generic {
      indexing_maps = [affine_map<(n, h, w, c) -> (n, h, w, c)>, affine_map<(n, h, w, c) -> (n, c)>],
      iterator_types = ["parallel", "reduction", "reduction", "parallel"]}
      ins(%t : memref<1x7x16x4xi8>) outs(%sums : memref<1x4xi32>) {
  ^bb0(%a: i8, %b: i32):
    %e = arith.extsi %a : i8 to i32
    %s = arith.addi %b, %e : i32
    linalg.yield %s : i32
  }
  linalg.generic {
      indexing_maps = [affine_map<(n, c) -> (n, c)>, affine_map<(n, c) -> (n, c)>],
      iterator_types = ["parallel", "parallel"]}
      ins(%sums : memref<1x4xi32>) outs(%y : memref<1x4xi8>) {
  ^bb0(%a: i32, %b: i8):
    %m = arith.divsi %a, %count : i32
    %s = arith.trunci %m : i32 to i8
    linalg.yield %s : i8
  }
  return
}

// -----

// A maximum has no sums but its output, and the sum of a pool has an operand that says how high its window is. Both read the
// interior of a padded image, as it comes: they begin when the image does, ahead of the sums of three rows. Where the window stops
// at a border a row is there already, and must not be added once more: a table tells in which iterations.
// CHECK-LABEL: @beside
// CHECK: %[[RING:.*]] = memref.alloc() {tflc.rows_of = 18 : i64} : memref<1x5x16x4xi8>
// CHECK: linalg.fill ins(%c-3_i8 : i8) outs(%[[RING]] :
// CHECK: linalg.fill ins(%c-128_i8 : i8) outs(%arg2 :
// CHECK: %[[WINDOW:.*]] = memref.alloc() : memref<1x16xi8>
// CHECK: linalg.fill ins(%c0_i32 : i32) outs(%arg3 :
// CHECK: scf.for %{{.*}} = %c-2 to %c16
// CHECK: arith.muli
// CHECK: scf.if
// CHECK: %[[TABLE:.*]] = memref.get_global
// CHECK: memref.load %[[TABLE]][
// CHECK: scf.for %[[I:.*]] = %{{.*}} to %c1
// CHECK: %[[AT:.*]] = arith.addi %[[I]], %c3
// CHECK: %[[ROW:.*]] = memref.subview %[[RING]][0, %[[AT]], 0, 0] [1, 1, 16, 4]
// CHECK: ins(%[[ROW]] : {{.*}}) outs(%arg2 : memref<1x16x4xi8>)
// CHECK: arith.maxsi
// CHECK: scf.if
// CHECK: scf.for
// CHECK: %[[ROW:.*]] = memref.subview %[[RING]][
// CHECK: ins(%[[ROW]], %[[WINDOW]] : {{.*}}) outs(%arg3 : memref<1x1x1x4xi32>)
// CHECK: scf.if
// CHECK: memref.subview %[[RING]][0, %{{.*}}, 0, 0] [1, 3, 16, 4]
// CHECK: memref.subview %arg1[0, %{{.*}}, 0, 0] [1, 1, 16, 4]
// CHECK: {tflc.row_chain = {collectors = 2 : i64, stripe = 1 : i64}}
// EMITTED-LABEL: @beside
// EMITTED-NOT: tflrt.kernel
func.func @beside(%x: memref<1x16x16x4xi8>, %y: memref<1x16x16x4xi8>, %most: memref<1x16x4xi8>, %average: memref<1x1x1x4xi32>,
                  %arena: memref<?xi8> {tflc.arena}) {
  %border = arith.constant -3 : i8
  %least = arith.constant -128 : i8
  %zero = arith.constant 0 : i8
  %none = arith.constant 0 : i32
  %p = memref.alloc() : memref<1x18x16x4xi8>
  linalg.fill ins(%border : i8) outs(%p : memref<1x18x16x4xi8>)
  %i = memref.subview %p[0, 1, 0, 0] [1, 16, 16, 4] [1, 1, 1, 1] : memref<1x18x16x4xi8> to memref<1x16x16x4xi8, strided<[1152, 64, 4, 1], offset: 64>>
  linalg.generic {
      indexing_maps = [affine_map<(n, h, w, c) -> (n, h, w, c)>, affine_map<(n, h, w, c) -> (n, h, w, c)>],
      iterator_types = ["parallel", "parallel", "parallel", "parallel"]}
      ins(%x : memref<1x16x16x4xi8>) outs(%i : memref<1x16x16x4xi8, strided<[1152, 64, 4, 1], offset: 64>>) {
  ^bb0(%a: i8, %b: i8):
    %s = arith.muli %a, %a : i8
    linalg.yield %s : i8
  }
  linalg.fill ins(%least : i8) outs(%most : memref<1x16x4xi8>)
  linalg.generic {
      indexing_maps = [affine_map<(n, h, w, c) -> (n, h, w, c)>, affine_map<(n, h, w, c) -> (n, w, c)>],
      iterator_types = ["parallel", "reduction", "parallel", "parallel"]}
      ins(%i : memref<1x16x16x4xi8, strided<[1152, 64, 4, 1], offset: 64>>) outs(%most : memref<1x16x4xi8>) {
  ^bb0(%a: i8, %b: i8):
    %s = arith.maxsi %a, %b : i8
    linalg.yield %s : i8
  }
  %taps = memref.alloc() : memref<3xi8>
  linalg.fill ins(%zero : i8) outs(%y : memref<1x16x16x4xi8>)
  linalg.generic {
      indexing_maps = [affine_map<(n, h, w, c, k) -> (n, h + k, w, c)>, affine_map<(n, h, w, c, k) -> (k)>,
                       affine_map<(n, h, w, c, k) -> (n, h, w, c)>],
      iterator_types = ["parallel", "parallel", "parallel", "parallel", "reduction"]}
      ins(%p, %taps : memref<1x18x16x4xi8>, memref<3xi8>) outs(%y : memref<1x16x16x4xi8>) {
  ^bb0(%a: i8, %t: i8, %b: i8):
    %s = arith.addi %a, %b : i8
    linalg.yield %s : i8
  }
  %window = memref.alloc() : memref<16x16xi8>
  linalg.fill ins(%none : i32) outs(%average : memref<1x1x1x4xi32>)
  linalg.generic {
      indexing_maps = [affine_map<(n, h, w, c, i, j) -> (n, h * 2 + i, w * 16 + j, c)>, affine_map<(n, h, w, c, i, j) -> (i, j)>,
                       affine_map<(n, h, w, c, i, j) -> (n, h, w, c)>],
      iterator_types = ["parallel", "parallel", "parallel", "parallel", "reduction", "reduction"]}
      ins(%i, %window : memref<1x16x16x4xi8, strided<[1152, 64, 4, 1], offset: 64>>, memref<16x16xi8>)
      outs(%average : memref<1x1x1x4xi32>) {
  ^bb0(%a: i8, %u: i8, %b: i32):
    %e = arith.extsi %a : i8 to i32
    %s = arith.addi %b, %e : i32
    linalg.yield %s : i32
  }
  return
}

// -----

// The gates of the rows are a function of their mean, as in a squeeze-and-excitation block: the rows have to wait.
// CHECK-LABEL: @gated
// CHECK-NOT: scf.for
// EMITTED-LABEL: @gated
func.func @gated(%x: memref<1x16x16x4xi8>, %y: memref<1x16x16x4xi8>, %arena: memref<?xi8> {tflc.arena}) {
  %zero = arith.constant 0 : i8
  %t = memref.alloc() : memref<1x16x16x4xi8>
  linalg.generic {
      indexing_maps = [affine_map<(n, h, w, c) -> (n, h, w, c)>, affine_map<(n, h, w, c) -> (n, h, w, c)>],
      iterator_types = ["parallel", "parallel", "parallel", "parallel"]}
      ins(%x : memref<1x16x16x4xi8>) outs(%t : memref<1x16x16x4xi8>) {
  ^bb0(%a: i8, %b: i8):
    %s = arith.muli %a, %a : i8
    linalg.yield %s : i8
  }
  %gate = memref.alloc() : memref<1x4xi8>
  linalg.fill ins(%zero : i8) outs(%gate : memref<1x4xi8>)
  linalg.generic {
      indexing_maps = [affine_map<(n, h, w, c) -> (n, h, w, c)>, affine_map<(n, h, w, c) -> (n, c)>],
      iterator_types = ["parallel", "reduction", "reduction", "parallel"]}
      ins(%t : memref<1x16x16x4xi8>) outs(%gate : memref<1x4xi8>) {
  ^bb0(%a: i8, %b: i8):
    %s = arith.maxsi %b, %a : i8
    linalg.yield %s : i8
  }
  linalg.generic {
      indexing_maps = [affine_map<(n, h, w, c) -> (n, h, w, c)>, affine_map<(n, h, w, c) -> (n, c)>,
                       affine_map<(n, h, w, c) -> (n, h, w, c)>],
      iterator_types = ["parallel", "parallel", "parallel", "parallel"]}
      ins(%t, %gate : memref<1x16x16x4xi8>, memref<1x4xi8>) outs(%y : memref<1x16x16x4xi8>) {
  ^bb0(%a: i8, %g: i8, %b: i8):
    %s = arith.muli %a, %g : i8
    linalg.yield %s : i8
  }
  return
}

// RUN: tflc-opt %s --split-input-file --tflc-fill-borders --tflc-form-kernels --tflc-select-strategies --tflc-stream-rows | FileCheck %s
// RUN: tflc-opt %s --split-input-file --tflc-fill-borders --tflc-form-kernels --tflc-select-strategies --tflc-stream-rows \
// RUN:   --tflc-select-strategies --tflc-plan-arena --tflc-emit-kernels --convert-linalg-to-loops | FileCheck %s --check-prefix=EMITTED

// A doubled image of 16 rows in a border of -3, then sums of three neighbouring rows. Stripes of one row need three rows of
// the doubled image, which with the border are five: two move up, one is computed. Two rows have to be
// there before the first sum.
// CHECK-LABEL: @padded
// CHECK-NOT: memref<1x18x16x4xi8>
// CHECK: %[[RING:.*]] = memref.alloc() {tflc.rows_of = 18 : i64} : memref<1x5x16x4xi8>
// CHECK: tflrt.kernel
// CHECK-NEXT: linalg.fill ins(%c-3_i8 : i8) outs(%[[RING]] :
// CHECK: scf.for %[[I:.*]] = %c-2 to %c16
// CHECK: arith.cmpi ult
// CHECK: scf.if
// Where rows begin near a border no line says: a table, from the iteration before the first on.
// CHECK: memref.load %{{.*}} : memref<19xi8>
// CHECK: %[[LATER:.*]] = memref.subview %[[RING]][0, %{{.*}}, 0, 0] [1, 2, 16, 4]
// CHECK: %[[FRONT:.*]] = memref.subview %[[RING]][0, 1, 0, 0] [1, 2, 16, 4]
// CHECK: ins(%[[LATER]] : {{.*}}) outs(%[[FRONT]] :
// CHECK: %[[INPUT:.*]] = memref.subview %arg0[0, %{{.*}}, 0, 0] [1, 1, 16, 4]
// CHECK: %[[NEW:.*]] = memref.subview %[[RING]][0, 3, 0, 0] [1, 1, 16, 4]
// CHECK: ins(%[[INPUT]] : {{.*}}) outs(%[[NEW]] :
// CHECK: arith.cmpi ult, %[[I]], %c16
// CHECK: scf.if
// CHECK: %[[WINDOW:.*]] = memref.subview %[[RING]][0, %{{.*}}, 0, 0] [1, 3, 16, 4]
// CHECK: %[[OUT:.*]] = memref.subview %arg1[0, %[[I]], 0, 0] [1, 1, 16, 4]
// CHECK: ins(%[[WINDOW]], %{{.*}} : {{.*}}) outs(%[[OUT]] : memref<1x1x16x4xi8
// CHECK: {tflc.row_chain = {stripe = 1 : i64}}
// EMITTED: tflc.arena_map = [{{.*}}rows = 5 : i64, rows_of = 18 : i64
// EMITTED-SAME: tflc.arena_size = 323
// EMITTED-LABEL: @padded
// EMITTED-NOT: tflrt.kernel
func.func @padded(%x: memref<1x16x16x4xi8>, %y: memref<1x16x16x4xi8>, %arena: memref<?xi8> {tflc.arena}) {
  %border = arith.constant -3 : i8
  %zero = arith.constant 0 : i8
  %p = memref.alloc() : memref<1x18x16x4xi8>
  linalg.fill ins(%border : i8) outs(%p : memref<1x18x16x4xi8>)
  %i = memref.subview %p[0, 1, 0, 0] [1, 16, 16, 4] [1, 1, 1, 1] : memref<1x18x16x4xi8> to memref<1x16x16x4xi8, strided<[1152, 64, 4, 1], offset: 64>>
  linalg.generic {
      indexing_maps = [affine_map<(n, h, w, c) -> (n, h, w, c)>, affine_map<(n, h, w, c) -> (n, h, w, c)>],
      iterator_types = ["parallel", "parallel", "parallel", "parallel"]}
      ins(%x : memref<1x16x16x4xi8>) outs(%i : memref<1x16x16x4xi8, strided<[1152, 64, 4, 1], offset: 64>>) {
  ^bb0(%a: i8, %b: i8):
    %s = arith.addi %a, %a : i8
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
  return
}

// -----

// A window of two rows that moves by two needs no row twice, so that none moves up and all start at once. The view of
// the input tells the planner how far the output may lie behind it: it has to begin in front, since it grows faster.
// CHECK-LABEL: @strided
// CHECK: memref.alloc() {tflc.rows_of = 16 : i64} : memref<1x2x16x4xi8>
// CHECK: scf.for %[[I:.*]] = %c0{{.*}} to %c8
// CHECK-NOT: scf.if
// CHECK: memref.subview %{{.*}}[0, %{{.*}}, 0] [1, 2, 16] [1, 1, 1] {tflc.overwrite_distance = -224 : i64}
// CHECK-NOT: scf.if
// CHECK: {tflc.row_chain = {stripe = 1 : i64}}
// EMITTED-LABEL: @strided
func.func @strided(%x: memref<1x16x16xi8>, %y: memref<1x16x8x4xi8>, %arena: memref<?xi8> {tflc.arena}) {
  %zero = arith.constant 0 : i8
  %a = memref.alloc() : memref<1x16x16xi8>
  %t = memref.alloc() : memref<1x16x16x4xi8>
  %b = memref.alloc() : memref<1x8x16x4xi8>
  // Not by rows: it needs them in another order.
  linalg.generic {
      indexing_maps = [affine_map<(n, h, w) -> (n, w, h)>, affine_map<(n, h, w) -> (n, h, w)>],
      iterator_types = ["parallel", "parallel", "parallel"]}
      ins(%x : memref<1x16x16xi8>) outs(%a : memref<1x16x16xi8>) {
  ^bb0(%p: i8, %q: i8):
    linalg.yield %p : i8
  }
  linalg.generic {
      indexing_maps = [affine_map<(n, h, w, c) -> (n, h, w)>, affine_map<(n, h, w, c) -> (n, h, w, c)>],
      iterator_types = ["parallel", "parallel", "parallel", "parallel"]}
      ins(%a : memref<1x16x16xi8>) outs(%t : memref<1x16x16x4xi8>) {
  ^bb0(%p: i8, %q: i8):
    %s = arith.muli %p, %p : i8
    linalg.yield %s : i8
  }
  %taps = memref.alloc() : memref<2xi8>
  linalg.fill ins(%zero : i8) outs(%b : memref<1x8x16x4xi8>)
  linalg.generic {
      indexing_maps = [affine_map<(n, h, w, c, k) -> (n, h * 2 + k, w, c)>, affine_map<(n, h, w, c, k) -> (k)>,
                       affine_map<(n, h, w, c, k) -> (n, h, w, c)>],
      iterator_types = ["parallel", "parallel", "parallel", "parallel", "reduction"]}
      ins(%t, %taps : memref<1x16x16x4xi8>, memref<2xi8>) outs(%b : memref<1x8x16x4xi8>) {
  ^bb0(%p: i8, %w: i8, %q: i8):
    %s = arith.addi %p, %q : i8
    linalg.yield %s : i8
  }
  // The end, where a whole column is needed for each row.
  linalg.generic {
      indexing_maps = [affine_map<(n, h, w, c) -> (n, w, h, c)>, affine_map<(n, h, w, c) -> (n, h, w, c)>],
      iterator_types = ["parallel", "parallel", "parallel", "parallel"]}
      ins(%b : memref<1x8x16x4xi8>) outs(%y : memref<1x16x8x4xi8>) {
  ^bb0(%p: i8, %q: i8):
    linalg.yield %p : i8
  }
  return
}

// -----

// Rows of the one buffer are needed as a whole by the next kernel: there is nothing to stream.
// CHECK-LABEL: @whole
// CHECK-NOT: scf.for
// EMITTED-LABEL: @whole
func.func @whole(%x: memref<1x16x16x4xi8>, %y: memref<1x16x16x4xi8>, %arena: memref<?xi8> {tflc.arena}) {
  %t = memref.alloc() : memref<1x16x16x4xi8>
  linalg.generic {
      indexing_maps = [affine_map<(n, h, w, c) -> (n, h, w, c)>, affine_map<(n, h, w, c) -> (n, h, w, c)>],
      iterator_types = ["parallel", "parallel", "parallel", "parallel"]}
      ins(%x : memref<1x16x16x4xi8>) outs(%t : memref<1x16x16x4xi8>) {
  ^bb0(%p: i8, %q: i8):
    %s = arith.muli %p, %p : i8
    linalg.yield %s : i8
  }
  linalg.generic {
      indexing_maps = [affine_map<(n, h, w, c) -> (n, w, h, c)>, affine_map<(n, h, w, c) -> (n, h, w, c)>],
      iterator_types = ["parallel", "parallel", "parallel", "parallel"]}
      ins(%t : memref<1x16x16x4xi8>) outs(%y : memref<1x16x16x4xi8>) {
  ^bb0(%p: i8, %q: i8):
    linalg.yield %p : i8
  }
  return
}

// -----

// Elementwise kernels alone: the whole plan writes in place, and a loop would save nothing.
// CHECK-LABEL: @no_gain
// CHECK-NOT: scf.for
// EMITTED-LABEL: @no_gain
func.func @no_gain(%x: memref<1x4x2x4xi8>, %y: memref<1x2x4x4xi8>, %arena: memref<?xi8> {tflc.arena}) {
  %t = memref.alloc() : memref<1x4x2x4xi8>
  %u = memref.alloc() : memref<1x4x2x4xi8>
  linalg.generic {
      indexing_maps = [affine_map<(n, h, w, c) -> (n, h, w, c)>, affine_map<(n, h, w, c) -> (n, h, w, c)>],
      iterator_types = ["parallel", "parallel", "parallel", "parallel"]}
      ins(%x : memref<1x4x2x4xi8>) outs(%t : memref<1x4x2x4xi8>) {
  ^bb0(%p: i8, %q: i8):
    %s = arith.muli %p, %p : i8
    linalg.yield %s : i8
  }
  linalg.generic {
      indexing_maps = [affine_map<(n, h, w, c) -> (n, h, w, c)>, affine_map<(n, h, w, c) -> (n, h, w, c)>],
      iterator_types = ["parallel", "parallel", "parallel", "parallel"]}
      ins(%t : memref<1x4x2x4xi8>) outs(%u : memref<1x4x2x4xi8>) {
  ^bb0(%p: i8, %q: i8):
    %s = arith.addi %p, %p : i8
    linalg.yield %s : i8
  }
  linalg.generic {
      indexing_maps = [affine_map<(n, h, w, c) -> (n, w, h, c)>, affine_map<(n, h, w, c) -> (n, h, w, c)>],
      iterator_types = ["parallel", "parallel", "parallel", "parallel"]}
      ins(%u : memref<1x4x2x4xi8>) outs(%y : memref<1x2x4x4xi8>) {
  ^bb0(%p: i8, %q: i8):
    linalg.yield %p : i8
  }
  return
}

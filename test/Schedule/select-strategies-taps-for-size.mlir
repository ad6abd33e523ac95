// RUN: tflc-opt %s --tflc-form-kernels --tflc-select-strategies=for-size | FileCheck %s

// Small code writes out short loops of a reduction only, but pairs of taps are found across all lines of a window: five lines of
// two taps stay as they are.
#x = affine_map<(h, w, c, i, j) -> (h + i, w + j, c)>
#w = affine_map<(h, w, c, i, j) -> (i, j, c)>
#y = affine_map<(h, w, c, i, j) -> (h, w, c)>
module attributes {tflc.target = {name = "cortex-m4"}} {
  memref.global "private" constant @w : memref<5x2x10xi8> = dense<3>
  // CHECK: #tflrt.taps<
  // CHECK-SAME: tile = [1, 2, 1, 5, 2], pairs = true>
  func.func @main(%x: memref<30x9x10xi8>, %y: memref<26x8x10xi32>) {
    %w = memref.get_global @w : memref<5x2x10xi8>
    linalg.generic {indexing_maps = [#x, #w, #y], iterator_types = ["parallel", "parallel", "parallel", "reduction", "reduction"]}
        ins(%x, %w : memref<30x9x10xi8>, memref<5x2x10xi8>) outs(%y : memref<26x8x10xi32>) {
    ^bb0(%a: i8, %b: i8, %c: i32):
      %p = arith.extsi %a : i8 to i32
      %q = arith.extsi %b : i8 to i32
      %m = arith.muli %p, %q : i32
      %s = arith.addi %c, %m : i32
      linalg.yield %s : i32
    }
    return
  }
}

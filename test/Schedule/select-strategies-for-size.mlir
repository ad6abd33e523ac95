// RUN: tflc-opt %s --tflc-form-kernels --tflc-select-strategies | FileCheck %s --check-prefix=FAST
// RUN: tflc-opt %s --tflc-form-kernels --tflc-select-strategies=for-size | FileCheck %s --check-prefix=SMALL

// Tiles of 13 rows would leave a rest; small code takes one row, and at most two vectors of columns, at a time.
#x = affine_map<(n, m, k) -> (n, k)>
#w = affine_map<(n, m, k) -> (m, k)>
#y = affine_map<(n, m, k) -> (n, m)>
module attributes {tflc.target = {name = "x86-64-v3"}} {
  memref.global "private" constant @w : memref<32x24xf32> = dense<0.5>
  // FAST: #tflrt.broadcast<
  // FAST-SAME: tile = [{{([2-9]|1[0-3]), [0-9]+, [0-9]+}}]
  // SMALL: #tflrt.broadcast<
  // SMALL-SAME: tile = [1, {{8|16}}, {{[0-9]+}}]
  func.func @main(%x: memref<13x24xf32>, %y: memref<13x32xf32>) {
    %w = memref.get_global @w : memref<32x24xf32>
    linalg.generic {indexing_maps = [#x, #w, #y], iterator_types = ["parallel", "parallel", "reduction"]}
        ins(%x, %w : memref<13x24xf32>, memref<32x24xf32>) outs(%y : memref<13x32xf32>) {
    ^bb0(%a: f32, %b: f32, %c: f32):
      %m = arith.mulf %a, %b : f32
      %s = arith.addf %c, %m : f32
      linalg.yield %s : f32
    }
    return
  }
}

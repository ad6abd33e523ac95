// RUN: tflc-opt %s --tflc-form-kernels --tflc-select-strategies=explain-choices | FileCheck %s
// RUN: tflc-opt %s --tflc-form-kernels --tflc-select-strategies | FileCheck %s --check-prefix=SILENT

// Each kernel says what it is expected to take, and why other forms were not taken.
// SILENT-NOT: tflc.cycles
// SILENT-NOT: tflc.rejected
#x = affine_map<(n, m, k) -> (n, k)>
#w = affine_map<(n, m, k) -> (m, k)>
#y = affine_map<(n, m, k) -> (n, m)>
#id = affine_map<(n, m) -> (n, m)>
module attributes {tflc.target = {name = "x86-64-v3"}} {
  memref.global "private" constant @w : memref<16x24xf32> = dense<0.5>
  // CHECK-LABEL: @contraction
  // CHECK: tflrt.kernel #tflrt.broadcast<
  // CHECK-SAME: attributes {tflc.cycles = {{[1-9][0-9]*}} : i64, tflc.rejected = [
  // CHECK-SAME: "row_lanes: no products with one lane"
  // CHECK-SAME: "winograd: no window of 3x3 with stride 1", "broadcast of sparse weights: fewer than half of the weights are zero"]}
  func.func @contraction(%x: memref<13x24xf32>, %y: memref<13x16xf32>) {
    %w = memref.get_global @w : memref<16x24xf32>
    linalg.generic {indexing_maps = [#x, #w, #y], iterator_types = ["parallel", "parallel", "reduction"]}
        ins(%x, %w : memref<13x24xf32>, memref<16x24xf32>) outs(%y : memref<13x16xf32>) {
    ^bb0(%a: f32, %b: f32, %s: f32):
      %p = arith.mulf %a, %b : f32
      %r = arith.addf %s, %p : f32
      linalg.yield %r : f32
    }
    return
  }

  // Nothing is estimated of what is no contraction.
  // CHECK-LABEL: @elementwise
  // CHECK: tflrt.kernel #tflrt.vector_loops<
  // CHECK-NOT: tflc.cycles
  // CHECK-SAME: tflc.rejected = ["contraction: nothing is summed up", "taps: there are vectors", "reduction: nothing is summed up",
  func.func @elementwise(%x: memref<13x16xf32>, %y: memref<13x16xf32>) {
    linalg.generic {indexing_maps = [#id, #id], iterator_types = ["parallel", "parallel"]}
        ins(%x : memref<13x16xf32>) outs(%y : memref<13x16xf32>) {
    ^bb0(%a: f32, %o: f32):
      %r = arith.negf %a : f32
      linalg.yield %r : f32
    }
    return
  }
}

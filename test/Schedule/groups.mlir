// RUN: tflc-opt %s -tflc-form-kernels -tflc-select-strategies | FileCheck %s --check-prefix=CHOICE
// RUN: tflc-opt %s -tflc-form-kernels -tflc-select-strategies -tflc-emit-kernels | FileCheck %s

// Two groups of eight channels, with four columns each, have weights of their own: 2 x 8 x 4 numbers, one group behind the
// other, and columns as lanes.
// CHOICE-LABEL: @grouped
// CHOICE: #tflrt.broadcast<dim = 2, lanes = 4, tile = [5, 1, 4, 2], weights = 1, along = 3, split = 2>
// CHECK: memref.global "private" constant @tflc.packed.{{.*}} : memref<64xf16> = dense<[0.000000e+00, 8.000000e+00, 1.600000e+01, 2.400000e+01, 1.000000e+00
// CHECK-LABEL: @grouped
// CHECK-COUNT-10: arith.mulf
// CHECK-NOT: arith.mulf
// CHECK: return
module attributes {tflc.target = {vector_bits = 128 : i64, vector_registers = 16 : i64}} {
  memref.global "private" constant @weights : memref<2x4x8xf32> = dense<[[[0.0, 1.0, 2.0, 3.0, 4.0, 5.0, 6.0, 7.0], [8.0, 9.0, 10.0, 11.0, 12.0, 13.0, 14.0, 15.0], [16.0, 17.0, 18.0, 19.0, 20.0, 21.0, 22.0, 23.0], [24.0, 25.0, 26.0, 27.0, 28.0, 29.0, 30.0, 31.0]], [[32.0, 33.0, 34.0, 35.0, 36.0, 37.0, 38.0, 39.0], [40.0, 41.0, 42.0, 43.0, 44.0, 45.0, 46.0, 47.0], [48.0, 49.0, 50.0, 51.0, 52.0, 53.0, 54.0, 55.0], [56.0, 57.0, 58.0, 59.0, 60.0, 61.0, 62.0, 63.0]]]>
  func.func @grouped(%x: memref<5x2x8xf32>, %y: memref<5x2x4xf32>) {
    %weights = memref.get_global @weights : memref<2x4x8xf32>
    linalg.generic {
        indexing_maps = [affine_map<(r, g, c, k) -> (r, g, k)>, affine_map<(r, g, c, k) -> (g, c, k)>, affine_map<(r, g, c, k) -> (r, g, c)>],
        iterator_types = ["parallel", "parallel", "parallel", "reduction"]}
        ins(%x, %weights : memref<5x2x8xf32>, memref<2x4x8xf32>) outs(%y : memref<5x2x4xf32>) {
    ^bb0(%a: f32, %w: f32, %out: f32):
      %p = arith.mulf %a, %w : f32
      %s = arith.addf %out, %p : f32
      linalg.yield %s : f32
    }
    return
  }
}

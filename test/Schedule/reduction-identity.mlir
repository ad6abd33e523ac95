// RUN: tflc-opt %s -tflc-form-kernels -tflc-select-strategies -tflc-emit-kernels | FileCheck %s

// Lanes begin with an infinity, not with the NaN that is neutral, too.
// CHECK-LABEL: @largest
// CHECK-NOT: 0x7FC00000
// CHECK-NOT: 0xFFC00000
// CHECK: arith.constant 0xFF800000 : f32
// CHECK: arith.maxnumf {{.*}} : vector<4xf32>
module attributes {tflc.target = {vector_bits = 128 : i64, vector_registers = 16 : i64}} {
  func.func @largest(%x: memref<5x40xf32>, %y: memref<5xf32>) {
    linalg.generic {
        indexing_maps = [affine_map<(r, k) -> (r, k)>, affine_map<(r, k) -> (r)>],
        iterator_types = ["parallel", "reduction"]}
        ins(%x : memref<5x40xf32>) outs(%y : memref<5xf32>) {
    ^bb0(%a: f32, %out: f32):
      %m = arith.maxnumf %out, %a : f32
      linalg.yield %m : f32
    }
    return
  }
}

// RUN: tflc-opt %s -pass-pipeline='builtin.module(func.func(tflc-lower-vectors))' | FileCheck %s

// Rows are read on their own.
// CHECK-LABEL: @rows
// CHECK-COUNT-2: vector.load %{{.*}} : memref<2x8xf32>, vector<8xf32>
// CHECK-COUNT-2: vector.store %{{.*}} : memref<2x8xf32>, vector<8xf32>
func.func @rows(%a: memref<2x8xf32>, %b: memref<2x8xf32>) {
  %c0 = arith.constant 0 : index
  %zero = arith.constant 0.0 : f32
  %x = vector.transfer_read %a[%c0, %c0], %zero {in_bounds = [true, true]} : memref<2x8xf32>, vector<2x8xf32>
  vector.transfer_write %x, %b[%c0, %c0] {in_bounds = [true, true]} : vector<2x8xf32>, memref<2x8xf32>
  return
}

// CHECK-LABEL: @integer_contraction
// CHECK-NOT: vector.contract
// CHECK: arith.muli
// CHECK: return
func.func @integer_contraction(%a: vector<2x4xi32>, %b: vector<4x8xi32>, %c: vector<2x8xi32>) -> vector<2x8xi32> {
  %r = vector.contract {indexing_maps = [affine_map<(m, n, k) -> (m, k)>, affine_map<(m, n, k) -> (k, n)>,
                                         affine_map<(m, n, k) -> (m, n)>],
                        iterator_types = ["parallel", "parallel", "reduction"]}
    %a, %b, %c : vector<2x4xi32>, vector<4x8xi32> into vector<2x8xi32>
  return %r : vector<2x8xi32>
}

// Scalar code is left alone.
// CHECK-LABEL: @scalars
// CHECK: memref.load
func.func @scalars(%a: memref<2xf32>, %i: index) -> f32 {
  %x = memref.load %a[%i] : memref<2xf32>
  return %x : f32
}

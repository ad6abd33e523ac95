// RUN: tflc-opt %s -split-input-file --tflc-form-kernels --tflc-select-strategies --tflc-emit-kernels | FileCheck %s

// The steps of the reduction whose weights are zero for all columns of a tile are left out.
#x = affine_map<(n, m, k) -> (n, k)>
#w = affine_map<(n, m, k) -> (m, k)>
#y = affine_map<(n, m, k) -> (n, m)>
module attributes {tflc.target = {name = "x86-64-v3"}} {
  // Two of eight steps, for a vector of columns; the weights are float16, too.
  // CHECK-DAG: memref.global "private" constant @tflc.packed.{{.*}} : memref<16xf16> = dense<[1.000000e+00, 3.000000e+00, -0.000000e+00, 5.000000e+00, 6.000000e+00, 7.000000e+00, 8.000000e+00, 9.000000e+00, 2.000000e+00, 0.000000e+00, 4.000000e+00,
  // CHECK-DAG: memref.global "private" constant @[[PLACES:tflc.packed.*]] : memref<2xi8> = dense<[1, 6]>
  memref.global "private" constant @w : memref<8x8xf32> = dense<[
    [0.0, 1.0, 0.0, 0.0, 0.0, 0.0, 2.0, 0.0], [0.0, 3.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0],
    [0.0, -0.0, 0.0, 0.0, 0.0, 0.0, 4.0, 0.0], [0.0, 5.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0],
    [0.0, 6.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0], [0.0, 7.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0],
    [0.0, 8.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0], [0.0, 9.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0]]>
  // CHECK-LABEL: @blocks(
  // CHECK: %[[TABLE:.*]] = memref.get_global @[[PLACES]]
  // CHECK: scf.for %[[STEP:.*]] = %c0{{.*}} to %c2{{.*}} step %c1
  // CHECK: %[[PLACE:.*]] = memref.load %[[TABLE]][%[[STEP]]] : memref<2xi8>
  // CHECK: arith.index_castui %[[PLACE]] : i8 to index
  // CHECK: vector.load %{{.*}} : memref<16xf16>, vector<8xf16>
  // CHECK: vector.fma
  func.func @blocks(%x: memref<12x8xf32>, %y: memref<12x8xf32>) {
    %w = memref.get_global @w : memref<8x8xf32>
    linalg.generic {indexing_maps = [#x, #w, #y], iterator_types = ["parallel", "parallel", "reduction"]}
        ins(%x, %w : memref<12x8xf32>, memref<8x8xf32>) outs(%y : memref<12x8xf32>) {
    ^bb0(%a: f32, %b: f32, %s: f32):
      %p = arith.mulf %a, %b : f32
      %r = arith.addf %s, %p : f32
      linalg.yield %r : f32
    }
    return
  }
}

// -----

#x = affine_map<(n, m, k) -> (n, k)>
#w = affine_map<(n, m, k) -> (m, k)>
#y = affine_map<(n, m, k) -> (n, m)>
module attributes {tflc.target = {name = "riscv64-gc"}} {
  // Without vectors a tile has one column: each zero is left out. The third column has no step.
  // CHECK-DAG: memref.global "private" constant @tflc.packed.{{.*}} : memref<5xf32> = dense<[1.000000e+00, 2.000000e+00, 3.000000e+00, 4.000000e+00, 5.000000e+00]>
  // CHECK-DAG: memref.global "private" constant @tflc.packed.{{.*}} : memref<5xi8> = dense<[0, 6, 3, 4, 7]>
  // CHECK-DAG: memref.global "private" constant @[[STARTS:tflc.packed.*]] : memref<5xi8> = dense<[0, 2, 3, 3, 5]>
  memref.global "private" constant @w : memref<4x8xf32> = dense<[
    [1.0, 0.0, 0.0, 0.0, 0.0, 0.0, 2.0, 0.0], [0.0, 0.0, 0.0, 3.0, 0.0, 0.0, 0.0, 0.0],
    [0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0], [0.0, 0.0, 0.0, 0.0, 4.0, 0.0, 0.0, 5.0]]>
  // CHECK-LABEL: @elements(
  // CHECK: %[[TABLE:.*]] = memref.get_global @[[STARTS]]
  // CHECK: scf.for %[[COLUMN:.*]] = %c0{{.*}} to %c4
  // CHECK: memref.load %[[TABLE]]
  // CHECK: memref.load %[[TABLE]]
  // CHECK: scf.for
  // CHECK: memref.load %{{.*}} : memref<5xf32>
  func.func @elements(%x: memref<12x8xf32>, %y: memref<12x4xf32>) {
    %w = memref.get_global @w : memref<4x8xf32>
    linalg.generic {indexing_maps = [#x, #w, #y], iterator_types = ["parallel", "parallel", "reduction"]}
        ins(%x, %w : memref<12x8xf32>, memref<4x8xf32>) outs(%y : memref<12x4xf32>) {
    ^bb0(%a: f32, %b: f32, %s: f32):
      %p = arith.mulf %a, %b : f32
      %r = arith.addf %s, %p : f32
      linalg.yield %r : f32
    }
    return
  }
}

// -----

#x = affine_map<(n, m, k) -> (n, k)>
#w = affine_map<(n, m, k) -> (m, k)>
#y = affine_map<(n, m, k) -> (n, m)>
module attributes {tflc.target = {name = "x86-64-v3"}} {
  // Single zeros save nothing where a vector meets all of them: no step has none but zeros.
  memref.global "private" constant @w : memref<8x4xf32> = dense<[
    [1.0, 0.0, 0.0, 0.0], [0.0, 1.0, 0.0, 0.0], [0.0, 0.0, 1.0, 0.0], [0.0, 0.0, 0.0, 1.0],
    [1.0, 0.0, 0.0, 0.0], [0.0, 1.0, 0.0, 0.0], [0.0, 0.0, 1.0, 0.0], [0.0, 0.0, 0.0, 1.0]]>
  // CHECK-LABEL: @scattered(
  // CHECK-NOT: index_castui
  func.func @scattered(%x: memref<12x4xf32>, %y: memref<12x8xf32>) {
    %w = memref.get_global @w : memref<8x4xf32>
    linalg.generic {indexing_maps = [#x, #w, #y], iterator_types = ["parallel", "parallel", "reduction"]}
        ins(%x, %w : memref<12x4xf32>, memref<8x4xf32>) outs(%y : memref<12x8xf32>) {
    ^bb0(%a: f32, %b: f32, %s: f32):
      %p = arith.mulf %a, %b : f32
      %r = arith.addf %s, %p : f32
      linalg.yield %r : f32
    }
    return
  }
}

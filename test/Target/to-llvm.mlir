// RUN: tflc-opt %s -split-input-file -tflc-phase-llvm | FileCheck %s

module attributes {tflc.target = {name = "x86-64-v3"}} {
  // Weights are aligned for whole cache lines.
  // CHECK: llvm.mlir.global private constant @weights{{.*}}alignment = 64
  memref.global "private" constant @weights : memref<2x16xf32> = dense<2.0>

  // Memrefs are passed as bare pointers.
  // CHECK-LABEL: llvm.func @main(%{{.*}}: !llvm.ptr, %{{.*}}: !llvm.ptr, %{{.*}}: !llvm.ptr)
  func.func @main(%in: memref<2x16xf32>, %out: memref<2x16xf32>, %arena: memref<64xi8>) {
    %c0 = arith.constant 0 : index
    %c1 = arith.constant 1 : index
    %c2 = arith.constant 2 : index
    %w = memref.get_global @weights : memref<2x16xf32>
    scf.for %i = %c0 to %c2 step %c1 {
      // CHECK: llvm.load {{.*}} : !llvm.ptr -> vector<16xf32>
      %x = vector.load %in[%i, %c0] : memref<2x16xf32>, vector<16xf32>
      %y = vector.load %w[%i, %c0] : memref<2x16xf32>, vector<16xf32>
      // CHECK: llvm.fmul
      %z = arith.mulf %x, %y : vector<16xf32>
      vector.store %z, %out[%i, %c0] : memref<2x16xf32>, vector<16xf32>
    }
    return
  }
}

// -----

// The index type has the width of a pointer.
module attributes {tflc.target = {name = "cortex-m4"}} {
  // CHECK-LABEL: llvm.func @narrow(%{{.*}}: !llvm.ptr, %{{.*}}: i32)
  func.func @narrow(%in: memref<4xi8>, %n: index) {
    %c0 = arith.constant 0 : i8
    memref.store %c0, %in[%n] : memref<4xi8>
    return
  }
}

// -----

// linalg that no schedule has taken becomes loops.
// CHECK-LABEL: llvm.func @loops
// CHECK: llvm.cond_br
// CHECK-NOT: linalg
func.func @loops(%a: memref<8x8xi8>, %b: memref<8x8xi8>) {
  linalg.generic {indexing_maps = [affine_map<(i, j) -> (j, i)>, affine_map<(i, j) -> (i, j)>],
                  iterator_types = ["parallel", "parallel"]}
    ins(%a : memref<8x8xi8>) outs(%b : memref<8x8xi8>) {
  ^bb0(%x: i8, %y: i8):
    linalg.yield %x : i8
  }
  return
}

// -----

// A copy between strided views would call a library function.
// CHECK-LABEL: llvm.func @strided
// CHECK-NOT: memrefCopy
// CHECK: llvm.cond_br
func.func @strided(%a: memref<8x8xi8>, %b: memref<8x8xi8>) {
  %from = memref.subview %a[0, 0] [8, 4] [1, 1] : memref<8x8xi8> to memref<8x4xi8, strided<[8, 1]>>
  %to = memref.subview %b[0, 4] [8, 4] [1, 1] : memref<8x8xi8> to memref<8x4xi8, strided<[8, 1], offset: 4>>
  memref.copy %from, %to : memref<8x4xi8, strided<[8, 1]>> to memref<8x4xi8, strided<[8, 1], offset: 4>>
  return
}

// CHECK-LABEL: llvm.func @contiguous
// CHECK: llvm.intr.memcpy
func.func @contiguous(%a: memref<8x8xi8>, %b: memref<8x8xi8>) {
  memref.copy %a, %b : memref<8x8xi8> to memref<8x8xi8>
  return
}

// -----

// A contraction that is left becomes products of rows; views of the arena are address arithmetic.
// CHECK-LABEL: llvm.func @contract
// CHECK: llvm.intr.fmuladd
func.func @contract(%a: memref<4x4xf32>, %arena: memref<256xi8>) {
  %c0 = arith.constant 0 : index
  %c64 = arith.constant 64 : index
  %zero = arith.constant 0.0 : f32
  %b = memref.view %arena[%c0][] : memref<256xi8> to memref<4x4xf32>
  %c = memref.view %arena[%c64][] : memref<256xi8> to memref<4x4xf32>
  %x = vector.transfer_read %a[%c0, %c0], %zero {in_bounds = [true, true]} : memref<4x4xf32>, vector<4x4xf32>
  %y = vector.transfer_read %b[%c0, %c0], %zero {in_bounds = [true, true]} : memref<4x4xf32>, vector<4x4xf32>
  %z = vector.transfer_read %c[%c0, %c0], %zero {in_bounds = [true, true]} : memref<4x4xf32>, vector<4x4xf32>
  %r = vector.contract {indexing_maps = [affine_map<(m, n, k) -> (m, k)>, affine_map<(m, n, k) -> (k, n)>,
                                         affine_map<(m, n, k) -> (m, n)>],
                        iterator_types = ["parallel", "parallel", "reduction"]}
    %x, %y, %z : vector<4x4xf32>, vector<4x4xf32> into vector<4x4xf32>
  vector.transfer_write %r, %c[%c0, %c0] {in_bounds = [true, true]} : vector<4x4xf32>, memref<4x4xf32>
  return
}

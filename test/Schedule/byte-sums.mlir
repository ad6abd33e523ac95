// RUN: tflc-opt %s -split-input-file -tflc-form-kernels -tflc-select-strategies | FileCheck %s --check-prefix=CHOICE
// RUN: tflc-opt %s -split-input-file -tflc-form-kernels -tflc-select-strategies -tflc-emit-kernels | FileCheck %s

// The only column has no loop. Bytes that are neighbours are multiplied in quads all the same: 32 and, of the rest of
// eight, as many zeros behind it. Four rows
// are joined across lanes together: lanes of two become those of one, twice, and the halves of the last one meet. The
// fifth row is joined by itself.
// CHOICE-LABEL: @one_column
// CHOICE: #tflrt.reduction<dim = 1, lanes = 8, tile = [4, 32]>
// CHECK-LABEL: @one_column
// CHECK: tflrt.dot {{.*}} : vector<8xi32>, vector<32xi8>, vector<32xi8>
// CHECK: vector.load {{.*}} vector<8xi8>
// CHECK: tflrt.dot {{.*}} : vector<8xi32>, vector<32xi8>, vector<32xi8>
// CHECK: vector.shuffle {{.*}} [0, 8, 2, 10, 4, 12, 6, 14]
// CHECK: vector.shuffle {{.*}} [1, 9, 3, 11, 5, 13, 7, 15]
// CHECK: vector.shuffle {{.*}} [0, 1, 8, 9, 4, 5, 12, 13]
// CHECK: vector.shuffle {{.*}} [4, 5, 6, 7, 0, 1, 2, 3]
// CHECK-COUNT-4: vector.extract
// CHECK: vector.reduction <add>
module attributes {tflc.target = {vector_bits = 256 : i64, vector_registers = 16 : i64, dot = "avxvnni"}} {
  func.func @one_column(%x: memref<5x40xi8>, %weights: memref<40xi8>, %y: memref<5xi32>) {
    linalg.generic {
        indexing_maps = [affine_map<(r, k) -> (r, k)>, affine_map<(r, k) -> (k)>, affine_map<(r, k) -> (r)>],
        iterator_types = ["parallel", "reduction"]}
        ins(%x, %weights : memref<5x40xi8>, memref<40xi8>) outs(%y : memref<5xi32>) {
    ^bb0(%a: i8, %w: i8, %out: i32):
      %b = arith.extui %a : i8 to i32
      %c = arith.extsi %w : i8 to i32
      %p = arith.muli %b, %c : i32
      %s = arith.addi %out, %p : i32
      linalg.yield %s : i32
    }
    return
  }
}

// -----

// VPDPBUSD takes no two signed bytes.
// CHOICE-LABEL: @signed
// CHOICE: #tflrt.reduction<dim = 1, lanes = 8, tile = [4, 32]>
// CHECK-LABEL: @signed
// CHECK-NOT: tflrt.dot
// CHECK: return
module attributes {tflc.target = {vector_bits = 256 : i64, vector_registers = 16 : i64, dot = "avxvnni"}} {
  func.func @signed(%x: memref<5x40xi8>, %weights: memref<40xi8>, %y: memref<5xi32>) {
    linalg.generic {
        indexing_maps = [affine_map<(r, k) -> (r, k)>, affine_map<(r, k) -> (k)>, affine_map<(r, k) -> (r)>],
        iterator_types = ["parallel", "reduction"]}
        ins(%x, %weights : memref<5x40xi8>, memref<40xi8>) outs(%y : memref<5xi32>) {
    ^bb0(%a: i8, %w: i8, %out: i32):
      %b = arith.extsi %a : i8 to i32
      %c = arith.extsi %w : i8 to i32
      %p = arith.muli %b, %c : i32
      %s = arith.addi %out, %p : i32
      linalg.yield %s : i32
    }
    return
  }
}

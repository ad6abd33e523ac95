// RUN: tflc-opt %s -split-input-file -tflc-form-kernels -tflc-select-strategies | FileCheck %s --check-prefix=CHOICE
// RUN: tflc-opt %s -split-input-file -tflc-form-kernels -tflc-select-strategies -tflc-emit-kernels | FileCheck %s

// Neighbours of the input lie along the first loop, those of the output along the second one: four vectors of four are
// loaded, interleaved twice, and stored.
// CHOICE-LABEL: @transpose
// CHOICE: #tflrt.vector_loops<dim = 1, lanes = 4, tile = [4, 4]>
// CHECK-LABEL: @transpose
// CHECK-COUNT-4: vector.load {{.*}} : memref<128xf32>, vector<4xf32>
// CHECK: vector.shuffle {{.*}} [0, 4, 1, 5]
// CHECK: vector.shuffle {{.*}} [2, 6, 3, 7]
// CHECK-COUNT-6: vector.shuffle
// CHECK-NOT: vector.shuffle
// CHECK-COUNT-4: vector.store
// CHECK: return
module attributes {tflc.target = {vector_bits = 128 : i64, vector_registers = 16 : i64}} {
  func.func @transpose(%x: memref<8x16xf32>, %y: memref<16x8xf32>) {
    linalg.generic {
        indexing_maps = [affine_map<(i, j) -> (j, i)>, affine_map<(i, j) -> (i, j)>],
        iterator_types = ["parallel", "parallel"]}
        ins(%x : memref<8x16xf32>) outs(%y : memref<16x8xf32>) {
    ^bb0(%a: f32, %out: f32):
      linalg.yield %a : f32
    }
    return
  }
}

// -----

// Bytes are transposed in vectors of 128 bits, also where a body computes with them. What is left of a loop takes
// smaller blocks: four vectors of 16 lanes come of four blocks of four.
// CHOICE-LABEL: @bytes
// CHOICE: #tflrt.vector_loops<dim = 1, lanes = 16, tile = [16, 16]>
// CHECK-LABEL: @bytes
// CHECK-COUNT-16: vector.load {{.*}} vector<16xi8>
// CHECK-COUNT-64: vector.shuffle {{.*}} : vector<16xi8>
// CHECK-COUNT-16: arith.maxsi {{.*}} : vector<16xi8>
// CHECK-COUNT-16: vector.load {{.*}} vector<4xi8>
// CHECK: return
module attributes {tflc.target = {vector_bits = 256 : i64, vector_registers = 16 : i64}} {
  func.func @bytes(%x: memref<32x20xi8>, %y: memref<20x32xi8>) {
    %zero = arith.constant 0 : i8
    linalg.generic {
        indexing_maps = [affine_map<(i, j) -> (j, i)>, affine_map<(i, j) -> (i, j)>],
        iterator_types = ["parallel", "parallel"]}
        ins(%x : memref<32x20xi8>) outs(%y : memref<20x32xi8>) {
    ^bb0(%a: i8, %out: i8):
      %m = arith.maxsi %a, %zero : i8
      linalg.yield %m : i8
    }
    return
  }
}

// -----

// Three rows are as soon loaded lane by lane.
// CHOICE-LABEL: @few_rows
// CHOICE: #tflrt.vector_loops<dim = 1, lanes = 4, tile = [1, 8]>
module attributes {tflc.target = {vector_bits = 128 : i64, vector_registers = 16 : i64}} {
  func.func @few_rows(%x: memref<8x3xf32>, %y: memref<3x8xf32>) {
    linalg.generic {
        indexing_maps = [affine_map<(i, j) -> (j, i)>, affine_map<(i, j) -> (i, j)>],
        iterator_types = ["parallel", "parallel"]}
        ins(%x : memref<8x3xf32>) outs(%y : memref<3x8xf32>) {
    ^bb0(%a: f32, %out: f32):
      linalg.yield %a : f32
    }
    return
  }
}

// RUN: tflc-opt %s -split-input-file -tflc-form-kernels -tflc-select-strategies -tflc-emit-kernels | FileCheck %s

// MVE extends even lanes of words, and odd ones. Sums have the even lanes first; only constants join them, which come in that order,
// and the bytes are put in order on the way, where they are words.
// CHECK: memref.global "private" constant @tflc.packed.{{.*}} : memref<8xi32> = dense<[0, 2, 4, 6, 1, 3, 5, 7]>
// CHECK-LABEL: @constant_epilogue
// CHECK: vector.shuffle %[[WORD:.*]], %[[WORD]] [0, 2, 4, 6] : vector<8xi16>, vector<8xi16>
// CHECK: arith.extsi %{{.*}} : vector<4xi16> to vector<4xi32>
// CHECK: vector.shuffle %[[WORD]], %[[WORD]] [1, 3, 5, 7] : vector<8xi16>, vector<8xi16>
// CHECK: vector.shuffle {{.*}} [0, 4, 1, 5, 2, 6, 3, 7] : vector<8xi32>, vector<8xi32>
// CHECK: arith.trunci {{.*}} : vector<8xi32> to vector<8xi16>
// CHECK: arith.trunci {{.*}} : vector<8xi16> to vector<8xi8>
// CHECK: vector.store
module attributes {tflc.target = {vector_bits = 128 : i64, vector_registers = 8 : i64, dot = "mve", extends_alternate_lanes = true}} {
  memref.global "private" constant @weights : memref<3x3x8xi8> = dense<7>
  memref.global "private" constant @bias : memref<8xi32> = dense<[0, 1, 2, 3, 4, 5, 6, 7]>
  func.func @constant_epilogue(%x: memref<3x3x8xi8>, %y: memref<8xi8>) {
    %weights = memref.get_global @weights : memref<3x3x8xi8>
    %bias = memref.get_global @bias : memref<8xi32>
    %sum = memref.alloc() : memref<8xi32>
    linalg.generic {indexing_maps = [affine_map<(c) -> (c)>, affine_map<(c) -> (c)>], iterator_types = ["parallel"]}
        ins(%bias : memref<8xi32>) outs(%sum : memref<8xi32>) {
    ^bb0(%in: i32, %out: i32):
      linalg.yield %in : i32
    }
    linalg.generic {
        indexing_maps = [affine_map<(c, i, j) -> (i, j, c)>, affine_map<(c, i, j) -> (i, j, c)>, affine_map<(c, i, j) -> (c)>],
        iterator_types = ["parallel", "reduction", "reduction"]}
        ins(%x, %weights : memref<3x3x8xi8>, memref<3x3x8xi8>) outs(%sum : memref<8xi32>) {
    ^bb0(%a: i8, %w: i8, %out: i32):
      %b = arith.extsi %a : i8 to i32
      %c = arith.extsi %w : i8 to i32
      %p = arith.muli %b, %c : i32
      %s = arith.addi %out, %p : i32
      linalg.yield %s : i32
    }
    linalg.generic {indexing_maps = [affine_map<(c) -> (c)>, affine_map<(c) -> (c)>], iterator_types = ["parallel"]}
        ins(%sum : memref<8xi32>) outs(%y : memref<8xi8>) {
    ^bb0(%in: i32, %out: i8):
      %t = arith.trunci %in : i32 to i8
      linalg.yield %t : i8
    }
    return
  }
}

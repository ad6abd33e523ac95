// RUN: tflc-opt %s -split-input-file -tflc-form-kernels -tflc-select-strategies -tflc-emit-kernels | FileCheck %s

// Three lines of three taps: three pairs of lines, and two pairs in the last line, whose third tap has a weight of zero beside its own. Weights are packed by pairs: 2 x 5 for
// each channel. Only constants join the sums, so these come in the order of the halves, and bytes are put in order.
// CHECK: memref.global "private" constant @tflc.packed.{{.*}} : memref<160xi8>
// CHECK-LABEL: @constant_epilogue
// CHECK-COUNT-10: tflrt.dot {{.*}} : vector<8xi32>, vector<16xi16>, vector<16xi16>
// CHECK-NOT: tflrt.dot
// CHECK-NOT: vector.shuffle {{.*}} : vector<16xi32>
// CHECK: arith.trunci {{.*}} : vector<16xi32> to vector<16xi8>
// CHECK: vector.shuffle {{.*}} [0, 1, 2, 3, 8, 9, 10, 11, 4, 5, 6, 7, 12, 13, 14, 15] : vector<16xi8>, vector<16xi8>
// CHECK: vector.store
module attributes {tflc.target = {vector_bits = 256 : i64, vector_registers = 16 : i64, dot = "maddwd"}} {
  memref.global "private" constant @weights : memref<3x3x16xi8> = dense<"0x0102030405060708090A0B0C0D0E0F100102030405060708090A0B0C0D0E0F100102030405060708090A0B0C0D0E0F100102030405060708090A0B0C0D0E0F100102030405060708090A0B0C0D0E0F100102030405060708090A0B0C0D0E0F100102030405060708090A0B0C0D0E0F100102030405060708090A0B0C0D0E0F100102030405060708090A0B0C0D0E0F11">
  memref.global "private" constant @bias : memref<16xi32> = dense<[0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15]>
  func.func @constant_epilogue(%x: memref<3x3x16xi8>, %y: memref<16xi8>) {
    %weights = memref.get_global @weights : memref<3x3x16xi8>
    %bias = memref.get_global @bias : memref<16xi32>
    %sum = memref.alloc() : memref<16xi32>
    linalg.generic {indexing_maps = [affine_map<(c) -> (c)>, affine_map<(c) -> (c)>], iterator_types = ["parallel"]}
        ins(%bias : memref<16xi32>) outs(%sum : memref<16xi32>) {
    ^bb0(%in: i32, %out: i32):
      linalg.yield %in : i32
    }
    linalg.generic {
        indexing_maps = [affine_map<(c, i, j) -> (i, j, c)>, affine_map<(c, i, j) -> (i, j, c)>, affine_map<(c, i, j) -> (c)>],
        iterator_types = ["parallel", "reduction", "reduction"]}
        ins(%x, %weights : memref<3x3x16xi8>, memref<3x3x16xi8>) outs(%sum : memref<16xi32>) {
    ^bb0(%a: i8, %w: i8, %out: i32):
      %b = arith.extsi %a : i8 to i32
      %c = arith.extsi %w : i8 to i32
      %p = arith.muli %b, %c : i32
      %s = arith.addi %out, %p : i32
      linalg.yield %s : i32
    }
    linalg.generic {indexing_maps = [affine_map<(c) -> (c)>, affine_map<(c) -> (c)>], iterator_types = ["parallel"]}
        ins(%sum : memref<16xi32>) outs(%y : memref<16xi8>) {
    ^bb0(%in: i32, %out: i8):
      %t = arith.trunci %in : i32 to i8
      linalg.yield %t : i8
    }
    return
  }
}

// -----

// What joins the sums is no constant: they are put in order first.
// CHECK-LABEL: @other_epilogue
// CHECK-COUNT-10: tflrt.dot
// CHECK: vector.shuffle {{.*}} [0, 1, 2, 3, 8, 9, 10, 11, 4, 5, 6, 7, 12, 13, 14, 15] : vector<16xi32>, vector<16xi32>
// CHECK: arith.addi {{.*}} : vector<16xi32>
// CHECK-NOT: vector.shuffle {{.*}} : vector<16xi8>
module attributes {tflc.target = {vector_bits = 256 : i64, vector_registers = 16 : i64, dot = "maddwd"}} {
  memref.global "private" constant @weights : memref<3x3x16xi8> = dense<"0x0102030405060708090A0B0C0D0E0F100102030405060708090A0B0C0D0E0F100102030405060708090A0B0C0D0E0F100102030405060708090A0B0C0D0E0F100102030405060708090A0B0C0D0E0F100102030405060708090A0B0C0D0E0F100102030405060708090A0B0C0D0E0F100102030405060708090A0B0C0D0E0F100102030405060708090A0B0C0D0E0F11">
  func.func @other_epilogue(%x: memref<3x3x16xi8>, %z: memref<16xi32>, %y: memref<16xi8>) {
    %weights = memref.get_global @weights : memref<3x3x16xi8>
    %c0 = arith.constant 0 : i32
    %sum = memref.alloc() : memref<16xi32>
    linalg.fill ins(%c0 : i32) outs(%sum : memref<16xi32>)
    linalg.generic {
        indexing_maps = [affine_map<(c, i, j) -> (i, j, c)>, affine_map<(c, i, j) -> (i, j, c)>, affine_map<(c, i, j) -> (c)>],
        iterator_types = ["parallel", "reduction", "reduction"]}
        ins(%x, %weights : memref<3x3x16xi8>, memref<3x3x16xi8>) outs(%sum : memref<16xi32>) {
    ^bb0(%a: i8, %w: i8, %out: i32):
      %b = arith.extsi %a : i8 to i32
      %c = arith.extsi %w : i8 to i32
      %p = arith.muli %b, %c : i32
      %s = arith.addi %out, %p : i32
      linalg.yield %s : i32
    }
    linalg.generic {indexing_maps = [affine_map<(c) -> (c)>, affine_map<(c) -> (c)>, affine_map<(c) -> (c)>], iterator_types = ["parallel"]}
        ins(%sum, %z : memref<16xi32>, memref<16xi32>) outs(%y : memref<16xi8>) {
    ^bb0(%in: i32, %other: i32, %out: i8):
      %a = arith.addi %in, %other : i32
      %t = arith.trunci %a : i32 to i8
      linalg.yield %t : i8
    }
    return
  }
}

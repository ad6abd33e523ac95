// RUN: tflc-opt %s -split-input-file -tflc-form-kernels -tflc-select-strategies | FileCheck %s --check-prefix=CHOICE
// RUN: tflc-opt %s -split-input-file -tflc-form-kernels -tflc-select-strategies -tflc-emit-kernels | FileCheck %s

// Eight channels of two neighbouring pixels fill a vector of words: the weights of all taps come twice (five pairs of taps for 16 lanes).
// CHOICE-LABEL: @even
// CHOICE: tflrt.kernel #tflrt.narrow_loops<dim = 1, lanes = 16, tile = [2, 16, 3, 3], joined = 2>
// CHECK: memref.global "private" constant @tflc.packed.{{.*}} : memref<160xi8>
// CHECK-LABEL: @even
// CHECK: vector.load %{{.+}} : memref<144xi8>, vector<16xi8>
// CHECK-COUNT-20: tflrt.dot {{.*}} : vector<8xi32>, vector<16xi16>, vector<16xi16>
// CHECK-NOT: tflrt.dot
// CHECK: return
module attributes {tflc.target = {vector_bits = 256 : i64, vector_registers = 16 : i64, dot = "maddwd"}} {
  memref.global "private" constant @weights : memref<3x3x8xi8> = dense<"0x0102030405060708090A0B0C0D0E0F100102030405060708090A0B0C0D0E0F100102030405060708090A0B0C0D0E0F100102030405060708090A0B0C0D0E0F10010203040506070A">
  func.func @even(%x: memref<3x6x8xi8>, %y: memref<4x8xi32>) {
    %weights = memref.get_global @weights : memref<3x3x8xi8>
    linalg.generic {
        indexing_maps = [affine_map<(x, c, i, j) -> (i, x + j, c)>, affine_map<(x, c, i, j) -> (i, j, c)>, affine_map<(x, c, i, j) -> (x, c)>],
        iterator_types = ["parallel", "parallel", "reduction", "reduction"]}
        ins(%x, %weights : memref<3x6x8xi8>, memref<3x3x8xi8>) outs(%y : memref<4x8xi32>) {
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

// -----

// Windows two pixels apart: what neighbours read is not one run.
// CHOICE-LABEL: @strided
// CHOICE: tflrt.kernel #tflrt.narrow_loops<dim = {{[0-9]+}}, lanes = 8, tile = [{{[0-9, ]+}}]>
module attributes {tflc.target = {vector_bits = 256 : i64, vector_registers = 16 : i64, dot = "maddwd"}} {
  memref.global "private" constant @weights : memref<3x3x8xi8> = dense<"0x0102030405060708090A0B0C0D0E0F100102030405060708090A0B0C0D0E0F100102030405060708090A0B0C0D0E0F100102030405060708090A0B0C0D0E0F10010203040506070A">
  func.func @strided(%x: memref<3x9x8xi8>, %y: memref<4x8xi32>) {
    %weights = memref.get_global @weights : memref<3x3x8xi8>
    linalg.generic {
        indexing_maps = [affine_map<(x, c, i, j) -> (i, 2 * x + j, c)>, affine_map<(x, c, i, j) -> (i, j, c)>, affine_map<(x, c, i, j) -> (x, c)>],
        iterator_types = ["parallel", "parallel", "reduction", "reduction"]}
        ins(%x, %weights : memref<3x9x8xi8>, memref<3x3x8xi8>) outs(%y : memref<4x8xi32>) {
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

// RUN: tflc-opt %s -split-input-file -tflc-form-kernels -tflc-select-strategies | FileCheck %s --check-prefix=CHOICE
// RUN: tflc-opt %s -split-input-file -tflc-form-kernels -tflc-select-strategies -tflc-emit-kernels | FileCheck %s

// Ten columns would leave six lanes of the second vector empty. Instead the lanes are 16 neighbours of the row, ten sums are alive at once, and their lanes are added at the
// end. The last group begins twelve elements before the rest of four.
// CHOICE-LABEL: @ten_columns
// CHOICE: tflrt.kernel #tflrt.across_lanes<{{.*}}tile = [16, 16], {{.*}}group = 16, widen = true
// CHECK-LABEL: @ten_columns
// CHECK: scf.for
// CHECK: vector.load %{{.+}} : memref<260xi8>, vector<16xi8>
// CHECK-COUNT-10: tflrt.dot {{.*}} {any_lane} : vector<8xi32>, vector<16xi16>, vector<16xi16>
// CHECK: scf.yield
// CHECK: %[[END:.+]] = arith.constant 244 : index
// CHECK: vector.load %{{.+}}[%[[END]]] : memref<260xi8>, vector<16xi8>
// CHECK-COUNT-10: tflrt.dot
// CHECK-NOT: tflrt.dot
// CHECK: vector.shuffle
module attributes {tflc.target = {vector_bits = 256 : i64, vector_registers = 16 : i64, dot = "maddwd"}} {
  memref.global "private" constant @weights : memref<260x10xi8> = dense<100>
  func.func @ten_columns(%row: memref<260xi8>, %out: memref<10xi32>) {
    %weights = memref.get_global @weights : memref<260x10xi8>
    linalg.generic {
        indexing_maps = [affine_map<(c, k) -> (k)>, affine_map<(c, k) -> (k, c)>, affine_map<(c, k) -> (c)>],
        iterator_types = ["parallel", "reduction"]}
        ins(%row, %weights : memref<260xi8>, memref<260x10xi8>) outs(%out : memref<10xi32>) {
    ^bb0(%x: i8, %w: i8, %sum: i32):
      %a = arith.extsi %x : i8 to i32
      %b = arith.extsi %w : i8 to i32
      %p = arith.muli %a, %b : i32
      %s = arith.addi %sum, %p : i32
      linalg.yield %s : i32
    }
    return
  }
}

// -----

// Sixteen columns fill two vectors.
// CHOICE-LABEL: @sixteen_columns
// CHOICE: tflrt.kernel
// CHOICE-NOT: across_lanes
// CHOICE: return
module attributes {tflc.target = {vector_bits = 256 : i64, vector_registers = 16 : i64, dot = "maddwd"}} {
  memref.global "private" constant @weights : memref<260x16xi8> = dense<100>
  func.func @sixteen_columns(%row: memref<260xi8>, %out: memref<16xi32>) {
    %weights = memref.get_global @weights : memref<260x16xi8>
    linalg.generic {
        indexing_maps = [affine_map<(c, k) -> (k)>, affine_map<(c, k) -> (k, c)>, affine_map<(c, k) -> (c)>],
        iterator_types = ["parallel", "reduction"]}
        ins(%row, %weights : memref<260xi8>, memref<260x16xi8>) outs(%out : memref<16xi32>) {
    ^bb0(%x: i8, %w: i8, %sum: i32):
      %a = arith.extsi %x : i8 to i32
      %b = arith.extsi %w : i8 to i32
      %p = arith.muli %a, %b : i32
      %s = arith.addi %sum, %p : i32
      linalg.yield %s : i32
    }
    return
  }
}

// -----

// Eight columns are half of a register of 512 bits: shorter vectors have no empty lanes.
// CHOICE-LABEL: @half_of_a_register
// CHOICE: tflrt.kernel #tflrt.broadcast<dim = 1, lanes = 8, tile = [{{[0-9]+}}, 8, {{[0-9]+}}], {{.*}}group = 4
// CHECK-LABEL: @half_of_a_register
// CHECK: tflrt.dot {{.*}} : vector<8xi32>, vector<32xi8>, vector<32xi8>
module attributes {tflc.target = {vector_bits = 512 : i64, vector_registers = 32 : i64, dot = "vnni512"}} {
  memref.global "private" constant @weights : memref<12x8xi8> = dense<100>
  func.func @half_of_a_register(%rows: memref<64x12xi8>, %out: memref<64x8xi32>) {
    %weights = memref.get_global @weights : memref<12x8xi8>
    linalg.generic {
        indexing_maps = [affine_map<(r, c, k) -> (r, k)>, affine_map<(r, c, k) -> (k, c)>, affine_map<(r, c, k) -> (r, c)>],
        iterator_types = ["parallel", "parallel", "reduction"]}
        ins(%rows, %weights : memref<64x12xi8>, memref<12x8xi8>) outs(%out : memref<64x8xi32>) {
    ^bb0(%x: i8, %w: i8, %sum: i32):
      %a = arith.extui %x : i8 to i32
      %b = arith.extsi %w : i8 to i32
      %p = arith.muli %a, %b : i32
      %s = arith.addi %sum, %p : i32
      linalg.yield %s : i32
    }
    return
  }
}

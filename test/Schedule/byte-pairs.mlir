// RUN: tflc-opt %s -split-input-file -tflc-form-kernels -tflc-select-strategies | FileCheck %s --check-prefix=CHOICE
// RUN: tflc-opt %s -split-input-file -tflc-form-kernels -tflc-select-strategies -tflc-emit-kernels | FileCheck %s

// No two weights of a pair add up to more than 128, and 255 times that fits 16 bits. A row of signed bytes is read as x + 128, which adds 128 * 64 * 10 to each
// column. The rest of two elements comes with the two in front of it, which meet zero weights.
// CHOICE-LABEL: @fit
// CHOICE: tflrt.kernel #tflrt.byte_pairs<{{.*}}group = 4
// CHECK: memref.global "private" constant @[[SUMS:tflc.packed.[0-9]+]] : memref<8xi32> = dense<81920>
// CHECK-LABEL: @fit
// CHECK: %[[TABLE:.+]] = memref.get_global @[[SUMS]]
// CHECK: %[[SHIFT:.+]] = vector.load %[[TABLE]]
// CHECK: arith.subi %{{.+}}, %[[SHIFT]]
// CHECK-NOT: memref.load
// CHECK: scf.for
// CHECK: arith.xori %{{.+}} : vector<32xi8>
// CHECK: tflrt.dot {{.*}} {lhs_unsigned, small_pairs} : vector<8xi32>, vector<32xi8>, vector<32xi8>
// CHECK: scf.yield
// CHECK: tflrt.dot {{.*}} {lhs_unsigned} :
module attributes {tflc.target = {vector_bits = 256 : i64, vector_registers = 16 : i64, dot = "maddwd", has_byte_pairs = true}} {
  memref.global "private" constant @weights : memref<10x8xi8> = dense<64>
  func.func @fit(%row: memref<10xi8>, %out: memref<8xi32>) {
    %weights = memref.get_global @weights : memref<10x8xi8>
    linalg.generic {
        indexing_maps = [affine_map<(c, k) -> (k)>, affine_map<(c, k) -> (k, c)>, affine_map<(c, k) -> (c)>],
        iterator_types = ["parallel", "reduction"]}
        ins(%row, %weights : memref<10xi8>, memref<10x8xi8>) outs(%out : memref<8xi32>) {
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

// 127 + 127 is too much for the second group of four; -100 - 100 would be for the first one, but these belong to different pairs. The loop runs up to the
// second group, which is multiplied as words, and from there to the end.
// CHOICE-LABEL: @large
// CHOICE: tflrt.kernel #tflrt.byte_pairs<
// CHECK: memref.global "private" constant @[[STARTS:tflc.packed.[0-9]+]] : memref<2xi32> = dense<[0, 1]>
// CHECK-NEXT: memref.global "private" constant @[[PLACES:tflc.packed.[0-9]+]] : memref<1xi32> = dense<4>
// CHECK-LABEL: @large
// CHECK: %[[P:.+]] = memref.get_global @[[PLACES]]
// CHECK-NEXT: %[[S:.+]] = memref.get_global @[[STARTS]]
// CHECK: memref.load %[[S]]
// CHECK: memref.load %[[S]]
// CHECK: scf.for
// CHECK: memref.load %[[P]]
// CHECK: scf.for
// CHECK: tflrt.dot {{.*}} {lhs_unsigned, small_pairs}
// CHECK: tflrt.dot {{.*}} {lhs_unsigned} :
// CHECK: scf.for
// CHECK: tflrt.dot {{.*}} {lhs_unsigned, small_pairs}
// CHECK: tflrt.dot {{.*}} {lhs_unsigned} :
module attributes {tflc.target = {vector_bits = 256 : i64, vector_registers = 16 : i64, dot = "maddwd", has_byte_pairs = true}} {
  memref.global "private" constant @weights : memref<34x8xi8> = dense<[[2, 2, 2, 2, 2, 2, 2, 2], [2, -100, 2, 2, 2, 2, 2, 2], [2, -100, 2, 2, 2, 2, 2, 2], [2, 2, 2, 2, 2, 2, 2, 2], [2, 2, 2, 127, 2, 2, 2, 2], [2, 2, 2, 127, 2, 2, 2, 2], [2, 2, 2, 2, 2, 2, 2, 2], [2, 2, 2, 2, 2, 2, 2, 2], [2, 2, 2, 2, 2, 2, 2, 2], [2, 2, 2, 2, 2, 2, 2, 2], [2, 2, 2, 2, 2, 2, 2, 2], [2, 2, 2, 2, 2, 2, 2, 2], [2, 2, 2, 2, 2, 2, 2, 2], [2, 2, 2, 2, 2, 2, 2, 2], [2, 2, 2, 2, 2, 2, 2, 2], [2, 2, 2, 2, 2, 2, 2, 2], [2, 2, 2, 2, 2, 2, 2, 2], [2, 2, 2, 2, 2, 2, 2, 2], [2, 2, 2, 2, 2, 2, 2, 2], [2, 2, 2, 2, 2, 2, 2, 2], [2, 2, 2, 2, 2, 2, 2, 2], [2, 2, 2, 2, 2, 2, 2, 2], [2, 2, 2, 2, 2, 2, 2, 2], [2, 2, 2, 2, 2, 2, 2, 2], [2, 2, 2, 2, 2, 2, 2, 2], [2, 2, 2, 2, 2, 2, 2, 2], [2, 2, 2, 2, 2, 2, 2, 2], [2, 2, 2, 2, 2, 2, 2, 2], [2, 2, 2, 2, 2, 2, 2, 2], [2, 2, 2, 2, 2, 2, 2, 2], [2, 2, 2, 2, 2, 2, 2, 2], [2, 2, 2, 2, 2, 2, 2, 2], [2, 2, 2, 2, 2, 2, 2, 2], [2, 2, 2, 2, 2, 2, 2, 2]]>
  func.func @large(%row: memref<34xi8>, %out: memref<8xi32>) {
    %weights = memref.get_global @weights : memref<34x8xi8>
    linalg.generic {
        indexing_maps = [affine_map<(c, k) -> (k)>, affine_map<(c, k) -> (k, c)>, affine_map<(c, k) -> (c)>],
        iterator_types = ["parallel", "reduction"]}
        ins(%row, %weights : memref<34xi8>, memref<34x8xi8>) outs(%out : memref<8xi32>) {
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

// Unsigned bytes are taken as they are.
// CHOICE-LABEL: @unsigned
// CHOICE: tflrt.kernel #tflrt.byte_pairs<
// CHECK-LABEL: @unsigned
// CHECK-NOT: arith.subi
// CHECK-NOT: arith.xori
// CHECK: tflrt.dot {{.*}} {lhs_unsigned, small_pairs}
module attributes {tflc.target = {vector_bits = 256 : i64, vector_registers = 16 : i64, dot = "maddwd", has_byte_pairs = true}} {
  memref.global "private" constant @weights : memref<10x8xi8> = dense<64>
  func.func @unsigned(%row: memref<10xi8>, %out: memref<8xi32>) {
    %weights = memref.get_global @weights : memref<10x8xi8>
    linalg.generic {
        indexing_maps = [affine_map<(c, k) -> (k)>, affine_map<(c, k) -> (k, c)>, affine_map<(c, k) -> (c)>],
        iterator_types = ["parallel", "reduction"]}
        ins(%row, %weights : memref<10xi8>, memref<10x8xi8>) outs(%out : memref<8xi32>) {
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

// -----

// Most pairs are too large: words.
// CHOICE-LABEL: @many
// CHOICE: tflrt.kernel #tflrt.broadcast<{{.*}}group = 2, {{.*}}widen = true
module attributes {tflc.target = {vector_bits = 256 : i64, vector_registers = 16 : i64, dot = "maddwd", has_byte_pairs = true}} {
  memref.global "private" constant @weights : memref<10x8xi8> = dense<65>
  func.func @many(%row: memref<10xi8>, %out: memref<8xi32>) {
    %weights = memref.get_global @weights : memref<10x8xi8>
    linalg.generic {
        indexing_maps = [affine_map<(c, k) -> (k)>, affine_map<(c, k) -> (k, c)>, affine_map<(c, k) -> (c)>],
        iterator_types = ["parallel", "reduction"]}
        ins(%row, %weights : memref<10xi8>, memref<10x8xi8>) outs(%out : memref<8xi32>) {
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

// A constant bias takes in what 128 adds.
// CHECK: memref.global "private" constant @[[BIAS:tflc.packed.[0-9]+]] : memref<8xi32> = dense<-81919>
// CHECK-LABEL: @biased
// CHECK: memref.get_global @[[BIAS]]
// CHECK-NOT: arith.subi
// CHECK: scf.for
module attributes {tflc.target = {vector_bits = 256 : i64, vector_registers = 16 : i64, dot = "maddwd", has_byte_pairs = true}} {
  memref.global "private" constant @weights : memref<10x8xi8> = dense<64>
  memref.global "private" constant @bias : memref<8xi32> = dense<[1, 1, 1, 1, 1, 1, 1, 1]>
  func.func @biased(%row: memref<10xi8>, %out: memref<8xi32>) {
    %weights = memref.get_global @weights : memref<10x8xi8>
    %bias = memref.get_global @bias : memref<8xi32>
    linalg.generic {indexing_maps = [affine_map<(c) -> (c)>, affine_map<(c) -> (c)>], iterator_types = ["parallel"]}
        ins(%bias : memref<8xi32>) outs(%out : memref<8xi32>) {
    ^bb0(%in: i32, %o: i32):
      linalg.yield %in : i32
    }
    linalg.generic {
        indexing_maps = [affine_map<(c, k) -> (k)>, affine_map<(c, k) -> (k, c)>, affine_map<(c, k) -> (c)>],
        iterator_types = ["parallel", "reduction"]}
        ins(%row, %weights : memref<10xi8>, memref<10x8xi8>) outs(%out : memref<8xi32>) {
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

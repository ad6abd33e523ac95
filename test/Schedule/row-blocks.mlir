// RUN: tflc-opt %s -split-input-file -tflc-form-kernels -tflc-select-strategies | FileCheck %s --check-prefix=CHOICE
// RUN: tflc-opt %s -split-input-file -tflc-form-kernels -tflc-select-strategies -tflc-emit-kernels | FileCheck %s
// RUN: tflc-opt %s -split-input-file -tflc-form-kernels -tflc-select-strategies=for-size | FileCheck %s --check-prefix=SIZE

// Bytes are multiplied in 16 bits: the rows of a block are extended once into a scratch buffer, in
// which the kernel then reads. 58 rows of 64 bytes are nine tiles of six, of which the buffer holds
// one at a time, and a rest of four.
// CHOICE-LABEL: @widened
// CHOICE: %[[SCRATCH:.+]] = memref.alloc() : memref<384xi16>
// CHOICE: tflrt.kernel #tflrt.broadcast<{{.*}}tile = [6, 16, 2], {{.*}}block = [6, 1, 1], scratch = 384>
// CHOICE-SAME: scratch(%[[SCRATCH]] : memref<384xi16>)
// Small code has tiles without rests: two rows divide a block's six and all 58.
// SIZE-LABEL: @widened
// SIZE: tflrt.kernel #tflrt.broadcast<{{.*}}tile = [2, 16, 2], {{.*}}block = [6, 1, 1]
// CHECK-LABEL: @widened
// CHECK: %[[SCRATCH:.+]] = memref.alloc() : memref<384xi16>
// CHECK: scf.for
// CHECK: scf.for
// CHECK: %[[BYTES:.+]] = vector.load %{{.+}} : memref<3712xi8>, vector<16xi8>
// CHECK: %[[WORDS:.+]] = arith.extsi %[[BYTES]] : vector<16xi8> to vector<16xi16>
// CHECK: vector.store %[[WORDS]], %[[SCRATCH]]
// CHECK: scf.for
// CHECK-NOT: memref<3712xi8>
// CHECK: vector.load %[[SCRATCH]]{{.*}} : memref<384xi16>, vector<2xi16>
// CHECK: tflrt.dot {{.*}} : vector<8xi32>, vector<16xi16>, vector<16xi16>
module attributes {tflc.target = {vector_bits = 256 : i64, vector_registers = 16 : i64, dot = "maddwd", l1_bytes = 32768 : i64, l2_bytes = 524288 : i64}} {
  memref.global "private" constant @weights : memref<64x32xi8> = dense<3>
  func.func @widened(%rows: memref<58x64xi8>, %out: memref<58x32xi32>) {
    %weights = memref.get_global @weights : memref<64x32xi8>
    linalg.generic {
        indexing_maps = [affine_map<(r, c, k) -> (r, k)>, affine_map<(r, c, k) -> (k, c)>, affine_map<(r, c, k) -> (r, c)>],
        iterator_types = ["parallel", "parallel", "reduction"]}
        ins(%rows, %weights : memref<58x64xi8>, memref<64x32xi8>) outs(%out : memref<58x32xi32>) {
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

// One row is extended once for all columns, too.
// CHOICE-LABEL: @one_row
// CHOICE: memref.alloc() : memref<64xi16>
// CHOICE: tflrt.kernel #tflrt.broadcast<{{.*}}block = [1, 1], scratch = 64>
// CHECK-LABEL: @one_row
// CHECK: %[[SCRATCH:.+]] = memref.alloc() : memref<64xi16>
// CHECK: scf.for
// CHECK: arith.extsi {{.*}} : vector<16xi8> to vector<16xi16>
// CHECK: vector.store %{{.+}}, %[[SCRATCH]]
// CHECK: scf.for
// CHECK: vector.load %[[SCRATCH]]{{.*}} : memref<64xi16>, vector<2xi16>
// CHECK-NOT: vector<2xi8>
module attributes {tflc.target = {vector_bits = 256 : i64, vector_registers = 16 : i64, dot = "maddwd", l1_bytes = 32768 : i64, l2_bytes = 524288 : i64}} {
  memref.global "private" constant @weights : memref<64x32xi8> = dense<100>
  func.func @one_row(%rows: memref<1x64xi8>, %out: memref<1x32xi32>) {
    %weights = memref.get_global @weights : memref<64x32xi8>
    linalg.generic {
        indexing_maps = [affine_map<(r, c, k) -> (r, k)>, affine_map<(r, c, k) -> (k, c)>, affine_map<(r, c, k) -> (r, c)>],
        iterator_types = ["parallel", "parallel", "reduction"]}
        ins(%rows, %weights : memref<1x64xi8>, memref<64x32xi8>) outs(%out : memref<1x32xi32>) {
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

// Floats need no extension. Rows and results beyond the second cache are cut into blocks all the
// same, so that all columns meet a block while it is there.
// CHOICE-LABEL: @cached
// CHOICE-NOT: memref.alloc
// CHOICE: tflrt.kernel #tflrt.broadcast<{{.*}}block = [{{[0-9]+}}, 1, 1]
// CHOICE-NOT: scratch
module attributes {tflc.target = {vector_bits = 256 : i64, vector_registers = 16 : i64, has_fma = true, dot = "maddwd", l1_bytes = 32768 : i64, l2_bytes = 524288 : i64}} {
  memref.global "private" constant @weights : memref<64x32xf32> = dense<3.0>
  func.func @cached(%rows: memref<6000x64xf32>, %out: memref<6000x32xf32>) {
    %weights = memref.get_global @weights : memref<64x32xf32>
    linalg.generic {
        indexing_maps = [affine_map<(r, c, k) -> (r, k)>, affine_map<(r, c, k) -> (k, c)>, affine_map<(r, c, k) -> (r, c)>],
        iterator_types = ["parallel", "parallel", "reduction"]}
        ins(%rows, %weights : memref<6000x64xf32>, memref<64x32xf32>) outs(%out : memref<6000x32xf32>) {
    ^bb0(%x: f32, %w: f32, %sum: f32):
      %p = arith.mulf %x, %w : f32
      %s = arith.addf %sum, %p : f32
      linalg.yield %s : f32
    }
    return
  }
}

// -----

// A run of three elements is one group of two and a rest, in one body. Rows of the second step that are rows of the first one are loaded once, and
// need registers in between: a tile of 13 rows would be spilled.
// CHOICE-LABEL: @one_group_and_rest
// CHOICE: tflrt.kernel {{.*}}tile = [1, 4, 16, 1, 4]
module attributes {tflc.target = {vector_bits = 256 : i64, vector_registers = 16 : i64, dot = "maddwd", l1_bytes = 32768 : i64, l2_bytes = 524288 : i64}} {
  memref.global "private" constant @weights : memref<3x3x12xi8> = dense<100>
  func.func @one_group_and_rest(%rows: memref<28x28xi8>, %out: memref<26x26x12xi32>) {
    %weights = memref.get_global @weights : memref<3x3x12xi8>
    linalg.generic {
        indexing_maps = [affine_map<(y, x, c, i, j) -> (y + i, x + j)>, affine_map<(y, x, c, i, j) -> (i, j, c)>, affine_map<(y, x, c, i, j) -> (y, x, c)>],
        iterator_types = ["parallel", "parallel", "parallel", "reduction", "reduction"]}
        ins(%rows, %weights : memref<28x28xi8>, memref<3x3x12xi8>) outs(%out : memref<26x26x12xi32>) {
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

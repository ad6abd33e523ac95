// RUN: tflc-opt %s -split-input-file -tflc-form-kernels -tflc-select-strategies | FileCheck %s --check-prefix=CHOICE
// RUN: tflc-opt %s -split-input-file -tflc-form-kernels -tflc-select-strategies -tflc-emit-kernels | FileCheck %s

// A 3x3 window with stride 1 where products are of 16 bits: 2x4 results from 24 products instead of 72. Memory that another step
// needs is free for the transformed weights and inputs.
// CHOICE-LABEL: @window
// CHOICE: %[[SCRATCH:.+]] = memref.alloc() : memref<[[SIZE:.+]]xi16>
// CHOICE: tflrt.kernel #tflrt.winograd<{{.*}}tile = [2, 4, {{8|16}}, 1, 1], {{.*}}lines = 2, pixels = 4, {{.*}}scratch = [[SIZE]]>
// CHECK-LABEL: @window
// Weights: sums of lines and pixels of the window, in 16 bits.
// CHECK: vector.load {{.*}} : memref<2304xi8>, vector<16xi8>
// CHECK: arith.addi {{.*}} : vector<16xi16>
// CHECK: vector.store {{.*}} : memref<{{.*}}xi16>, vector<16xi16>
// Inputs: differences of lines and pixels.
// CHECK: vector.load {{.*}} : memref<1600xi8>, vector<16xi8>
// CHECK: arith.subi {{.*}} : vector<16xi16>
// CHECK: tflrt.dot {{.*}} : vector<8xi32>, vector<16xi16>, vector<16xi16>
// 48, 24, 12 and 12 times the results of a line: 3 has an inverse modulo 2^32.
// CHECK: arith.muli {{.*}} : vector<8xi32>
// CHECK: arith.shrsi {{.*}} : vector<8xi32>
module attributes {tflc.target = {vector_bits = 256 : i64, vector_registers = 16 : i64, dot = "maddwd", l1_bytes = 32768 : i64, l2_bytes = 524288 : i64}} {
  memref.global "private" constant @weights : memref<16x3x3x16xi8> = dense<3>
  func.func @window(%x: memref<1x10x10x16xi8>, %out: memref<1x8x8x16xi32>, %y: memref<65536xi8>) {
    %weights = memref.get_global @weights : memref<16x3x3x16xi8>
    linalg.generic {
        indexing_maps = [affine_map<(n, h, w, c, i, j, k) -> (n, h + i, w + j, k)>, affine_map<(n, h, w, c, i, j, k) -> (c, i, j, k)>,
                         affine_map<(n, h, w, c, i, j, k) -> (n, h, w, c)>],
        iterator_types = ["parallel", "parallel", "parallel", "parallel", "reduction", "reduction", "reduction"]}
        ins(%x, %weights : memref<1x10x10x16xi8>, memref<16x3x3x16xi8>) outs(%out : memref<1x8x8x16xi32>) {
    ^bb0(%a: i8, %w: i8, %sum: i32):
      %b = arith.extsi %a : i8 to i32
      %c = arith.extsi %w : i8 to i32
      %p = arith.muli %b, %c : i32
      %s = arith.addi %sum, %p : i32
      linalg.yield %s : i32
    }
    %c0 = arith.constant 0 : i8
    %large = memref.alloc() : memref<65536xi8>
    linalg.fill ins(%c0 : i8) outs(%large : memref<65536xi8>)
    linalg.generic {indexing_maps = [affine_map<(d0) -> (d0)>, affine_map<(d0) -> (d0)>], iterator_types = ["parallel"]}
        ins(%large : memref<65536xi8>) outs(%y : memref<65536xi8>) {
    ^bb0(%in: i8, %o: i8):
      linalg.yield %in : i8
    }
    return
  }
}

// -----

// No room beside what is alive: the window is multiplied as it is.
// CHOICE-LABEL: @no_room
// CHOICE-NOT: winograd
module attributes {tflc.target = {vector_bits = 256 : i64, vector_registers = 16 : i64, dot = "maddwd", l1_bytes = 32768 : i64, l2_bytes = 524288 : i64}} {
  memref.global "private" constant @weights : memref<16x3x3x16xi8> = dense<3>
  func.func @no_room(%x: memref<1x10x10x16xi8>, %out: memref<1x8x8x16xi32>) {
    %weights = memref.get_global @weights : memref<16x3x3x16xi8>
    linalg.generic {
        indexing_maps = [affine_map<(n, h, w, c, i, j, k) -> (n, h + i, w + j, k)>, affine_map<(n, h, w, c, i, j, k) -> (c, i, j, k)>,
                         affine_map<(n, h, w, c, i, j, k) -> (n, h, w, c)>],
        iterator_types = ["parallel", "parallel", "parallel", "parallel", "reduction", "reduction", "reduction"]}
        ins(%x, %weights : memref<1x10x10x16xi8>, memref<16x3x3x16xi8>) outs(%out : memref<1x8x8x16xi32>) {
    ^bb0(%a: i8, %w: i8, %sum: i32):
      %b = arith.extsi %a : i8 to i32
      %c = arith.extsi %w : i8 to i32
      %p = arith.muli %b, %c : i32
      %s = arith.addi %sum, %p : i32
      linalg.yield %s : i32
    }
    return
  }
}

// -----

// Floats alike; a tile whose results are not all finite is computed once more, tap by tap.
// CHOICE-LABEL: @floats
// CHOICE: tflrt.kernel #tflrt.winograd<{{.*}}tile = [2, 2, {{.*}}lines = 2, pixels = 2,
// CHECK-LABEL: @floats
// CHECK: vector.load {{.*}} : memref<2304xf{{16|32}}>, vector<8xf{{16|32}}>
// CHECK: arith.addf {{.*}} : vector<8xf32>
// CHECK: vector.fma
// CHECK: arith.mulf {{.*}} : vector<8xf32>
// CHECK: %[[NONE:.*]] = arith.cmpf uno
// CHECK: %[[ANY:.*]] = vector.reduction <or>, %[[NONE]]
// CHECK: scf.if %[[ANY]]
// CHECK: scf.for
// CHECK: vector.fma
module attributes {tflc.target = {vector_bits = 256 : i64, vector_registers = 16 : i64, dot = "maddwd", has_fma = true, float_rescale = true, l1_bytes = 32768 : i64, l2_bytes = 524288 : i64}} {
  memref.global "private" constant @weights : memref<16x3x3x16xf32> = dense<3.0>
  func.func @floats(%x: memref<1x10x10x16xf32>, %out: memref<1x8x8x16xf32>, %y: memref<65536xi8>) {
    %weights = memref.get_global @weights : memref<16x3x3x16xf32>
    linalg.generic {
        indexing_maps = [affine_map<(n, h, w, c, i, j, k) -> (n, h + i, w + j, k)>, affine_map<(n, h, w, c, i, j, k) -> (c, i, j, k)>,
                         affine_map<(n, h, w, c, i, j, k) -> (n, h, w, c)>],
        iterator_types = ["parallel", "parallel", "parallel", "parallel", "reduction", "reduction", "reduction"]}
        ins(%x, %weights : memref<1x10x10x16xf32>, memref<16x3x3x16xf32>) outs(%out : memref<1x8x8x16xf32>) {
    ^bb0(%a: f32, %w: f32, %sum: f32):
      %p = arith.mulf %a, %w : f32
      %s = arith.addf %sum, %p : f32
      linalg.yield %s : f32
    }
    %c0 = arith.constant 0 : i8
    %large = memref.alloc() : memref<65536xi8>
    linalg.fill ins(%c0 : i8) outs(%large : memref<65536xi8>)
    linalg.generic {indexing_maps = [affine_map<(d0) -> (d0)>, affine_map<(d0) -> (d0)>], iterator_types = ["parallel"]}
        ins(%large : memref<65536xi8>) outs(%y : memref<65536xi8>) {
    ^bb0(%in: i8, %o: i8):
      linalg.yield %in : i8
    }
    return
  }
}

// -----

// Tiles of an odd size overlap: what is there already would be added twice.
// CHOICE-LABEL: @odd_in_place
// CHOICE-NOT: winograd
module attributes {tflc.target = {vector_bits = 256 : i64, vector_registers = 16 : i64, dot = "maddwd", l1_bytes = 32768 : i64, l2_bytes = 524288 : i64}} {
  memref.global "private" constant @weights : memref<16x3x3x16xi8> = dense<3>
  func.func @odd_in_place(%x: memref<1x11x11x16xi8>, %out: memref<1x9x9x16xi32>, %y: memref<65536xi8>) {
    %weights = memref.get_global @weights : memref<16x3x3x16xi8>
    linalg.generic {
        indexing_maps = [affine_map<(n, h, w, c, i, j, k) -> (n, h + i, w + j, k)>, affine_map<(n, h, w, c, i, j, k) -> (c, i, j, k)>,
                         affine_map<(n, h, w, c, i, j, k) -> (n, h, w, c)>],
        iterator_types = ["parallel", "parallel", "parallel", "parallel", "reduction", "reduction", "reduction"]}
        ins(%x, %weights : memref<1x11x11x16xi8>, memref<16x3x3x16xi8>) outs(%out : memref<1x9x9x16xi32>) {
    ^bb0(%a: i8, %w: i8, %sum: i32):
      %b = arith.extsi %a : i8 to i32
      %c = arith.extsi %w : i8 to i32
      %p = arith.muli %b, %c : i32
      %s = arith.addi %sum, %p : i32
      linalg.yield %s : i32
    }
    %c0 = arith.constant 0 : i8
    %large = memref.alloc() : memref<65536xi8>
    linalg.fill ins(%c0 : i8) outs(%large : memref<65536xi8>)
    linalg.generic {indexing_maps = [affine_map<(d0) -> (d0)>, affine_map<(d0) -> (d0)>], iterator_types = ["parallel"]}
        ins(%large : memref<65536xi8>) outs(%y : memref<65536xi8>) {
    ^bb0(%in: i8, %o: i8):
      linalg.yield %in : i8
    }
    return
  }
}

// -----

// With room for it, 4x4 results from 36 products instead of 144, and the channels in parts if the weights of all of them would not
// stay in the second cache.
// CHOICE-LABEL: @large
// CHOICE: tflrt.kernel #tflrt.winograd<{{.*}}tile = [4, 4, {{8|16}}, 1, 1], {{.*}}lines = 4, pixels = 4, {{.*}}channels = 128, scratch
// CHECK-LABEL: @large
// Sums of a part of the channels join those of the parts before.
// CHECK: scf.for
// CHECK: arith.shli {{.*}} : vector<16xi16>
// CHECK: %[[PRODUCTS:.+]] = vector.load {{.*}} : memref<[[SIZE:.+]]xi16>, vector<16xi16>
// CHECK: vector.bitcast %[[PRODUCTS]] : vector<16xi16> to vector<8xi32>
// CHECK: tflrt.dot {{.*}} : vector<8xi32>, vector<16xi16>, vector<16xi16>
module attributes {tflc.target = {vector_bits = 256 : i64, vector_registers = 16 : i64, dot = "maddwd", l1_bytes = 32768 : i64, l2_bytes = 524288 : i64}} {
  memref.global "private" constant @weights : memref<64x3x3x256xi8> = dense<-3>
  func.func @large(%x: memref<1x18x18x256xi8>, %out: memref<1x16x16x64xi32>, %y: memref<4194304xi8>) {
    %weights = memref.get_global @weights : memref<64x3x3x256xi8>
    linalg.generic {
        indexing_maps = [affine_map<(n, h, w, c, i, j, k) -> (n, h + i, w + j, k)>, affine_map<(n, h, w, c, i, j, k) -> (c, i, j, k)>,
                         affine_map<(n, h, w, c, i, j, k) -> (n, h, w, c)>],
        iterator_types = ["parallel", "parallel", "parallel", "parallel", "reduction", "reduction", "reduction"]}
        ins(%x, %weights : memref<1x18x18x256xi8>, memref<64x3x3x256xi8>) outs(%out : memref<1x16x16x64xi32>) {
    ^bb0(%a: i8, %w: i8, %sum: i32):
      %b = arith.extsi %a : i8 to i32
      %c = arith.extsi %w : i8 to i32
      %p = arith.muli %b, %c : i32
      %s = arith.addi %sum, %p : i32
      linalg.yield %s : i32
    }
    %c0 = arith.constant 0 : i8
    %large = memref.alloc() : memref<4194304xi8>
    linalg.fill ins(%c0 : i8) outs(%large : memref<4194304xi8>)
    linalg.generic {indexing_maps = [affine_map<(d0) -> (d0)>, affine_map<(d0) -> (d0)>], iterator_types = ["parallel"]}
        ins(%large : memref<4194304xi8>) outs(%y : memref<4194304xi8>) {
    ^bb0(%in: i8, %o: i8):
      linalg.yield %in : i8
    }
    return
  }
}

// -----

// Sums of the same window with heavy weights may exceed 2^25, of which F(4x4) would make more than 32 bits: F(2x4) takes four bits.
// CHOICE-LABEL: @heavy
// CHOICE: tflrt.kernel #tflrt.winograd<{{.*}}{{lines = 2, pixels = 4|lines = 4, pixels = 2}},
module attributes {tflc.target = {vector_bits = 256 : i64, vector_registers = 16 : i64, dot = "maddwd", l1_bytes = 32768 : i64, l2_bytes = 524288 : i64}} {
  memref.global "private" constant @weights : memref<64x3x3x256xi8> = dense<127>
  func.func @heavy(%x: memref<1x18x18x256xi8>, %out: memref<1x16x16x64xi32>, %y: memref<4194304xi8>) {
    %weights = memref.get_global @weights : memref<64x3x3x256xi8>
    linalg.generic {
        indexing_maps = [affine_map<(n, h, w, c, i, j, k) -> (n, h + i, w + j, k)>, affine_map<(n, h, w, c, i, j, k) -> (c, i, j, k)>,
                         affine_map<(n, h, w, c, i, j, k) -> (n, h, w, c)>],
        iterator_types = ["parallel", "parallel", "parallel", "parallel", "reduction", "reduction", "reduction"]}
        ins(%x, %weights : memref<1x18x18x256xi8>, memref<64x3x3x256xi8>) outs(%out : memref<1x16x16x64xi32>) {
    ^bb0(%a: i8, %w: i8, %sum: i32):
      %b = arith.extsi %a : i8 to i32
      %c = arith.extsi %w : i8 to i32
      %p = arith.muli %b, %c : i32
      %s = arith.addi %sum, %p : i32
      linalg.yield %s : i32
    }
    %c0 = arith.constant 0 : i8
    %large = memref.alloc() : memref<4194304xi8>
    linalg.fill ins(%c0 : i8) outs(%large : memref<4194304xi8>)
    linalg.generic {indexing_maps = [affine_map<(d0) -> (d0)>, affine_map<(d0) -> (d0)>], iterator_types = ["parallel"]}
        ins(%large : memref<4194304xi8>) outs(%y : memref<4194304xi8>) {
    ^bb0(%in: i8, %o: i8):
      linalg.yield %in : i8
    }
    return
  }
}

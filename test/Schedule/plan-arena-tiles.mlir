// RUN: tflc-opt %s -tflc-form-kernels -tflc-select-strategies | FileCheck %s --check-prefix=CHOICE
// RUN: tflc-opt %s -tflc-form-kernels -tflc-select-strategies -tflc-plan-arena | FileCheck %s

// The bias is computed. The sums of tile registers meet it row by row, as they are stored, so the 1024 bytes of results must not lie over its 256, which are read for the last time.
// (The buffer of 32768 bytes lets the arena grow for the sums.)
// CHOICE: #tflrt.tile_registers<
// CHECK: offset = 0 : i64, size = 256 : i64}, {{{.*}}offset = 256 : i64, size = 1024 : i64}
module attributes {tflc.target = {name = "sapphirerapids"}} {
  memref.global "private" constant @weights : memref<1024x64xi8> = dense<3>
  func.func @computed_bias(%big: memref<32768xi8>, %x: memref<16x1024xi8>, %c: memref<64xi32>, %y: memref<16x64xi8>, %arena: memref<?xi8> {tflc.arena}) {
    %large = memref.alloc() : memref<32768xi8>
    linalg.copy ins(%big : memref<32768xi8>) outs(%large : memref<32768xi8>)
    linalg.copy ins(%large : memref<32768xi8>) outs(%big : memref<32768xi8>)
    %bias = memref.alloc() : memref<64xi32>
    linalg.generic {indexing_maps = [affine_map<(c) -> (c)>, affine_map<(c) -> (c)>], iterator_types = ["parallel"]}
        ins(%c : memref<64xi32>) outs(%bias : memref<64xi32>) {
    ^bb0(%p: i32, %q: i32):
      %s = arith.addi %p, %p : i32
      linalg.yield %s : i32
    }
    %weights = memref.get_global @weights : memref<1024x64xi8>
    %sum = memref.alloc() : memref<16x64xi32>
    linalg.generic {indexing_maps = [affine_map<(r, c) -> (c)>, affine_map<(r, c) -> (r, c)>], iterator_types = ["parallel", "parallel"]}
        ins(%bias : memref<64xi32>) outs(%sum : memref<16x64xi32>) {
    ^bb0(%p: i32, %q: i32):
      linalg.yield %p : i32
    }
    linalg.generic {
        indexing_maps = [affine_map<(r, c, k) -> (r, k)>, affine_map<(r, c, k) -> (k, c)>, affine_map<(r, c, k) -> (r, c)>],
        iterator_types = ["parallel", "parallel", "reduction"]}
        ins(%x, %weights : memref<16x1024xi8>, memref<1024x64xi8>) outs(%sum : memref<16x64xi32>) {
    ^bb0(%a: i8, %w: i8, %out: i32):
      %b = arith.extui %a : i8 to i32
      %d = arith.extsi %w : i8 to i32
      %p = arith.muli %b, %d : i32
      %s = arith.addi %out, %p : i32
      linalg.yield %s : i32
    }
    %z = memref.alloc() : memref<16x64xi8>
    linalg.generic {indexing_maps = [affine_map<(r, c) -> (r, c)>, affine_map<(r, c) -> (r, c)>], iterator_types = ["parallel", "parallel"]}
        ins(%sum : memref<16x64xi32>) outs(%z : memref<16x64xi8>) {
    ^bb0(%p: i32, %q: i8):
      %t = arith.trunci %p : i32 to i8
      linalg.yield %t : i8
    }
    linalg.copy ins(%z : memref<16x64xi8>) outs(%y : memref<16x64xi8>)
    return
  }
}

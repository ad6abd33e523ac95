// RUN: tflc-opt %s --tflc-profile-steps | FileCheck %s

// Two steps: four readings of the clock behind the end of the arena, which has 100 bytes. The step that
// multiplies is described with its operator, its work and its buffers.
// CHECK: module attributes {tflc.arena_size = 136 : i64, tflc.profile_offset = 104 : i64
// CHECK-SAME: tflc.steps = [{cycles = 0 : i64, factors = 0 : i64, function = "main"
// CHECK-SAME: macs = 0 : i64, operators = [], read = 0 : i64, rejected = [], strategy = "loops", written = 16 : i64}
// CHECK-SAME: {cycles = 0 : i64, factors = 2 : i64, function = "main", macs = 24 : i64
// CHECK-SAME: operators = [{index = 3 : i64, name = "FULLY_CONNECTED", subgraph = 0 : i64, tensor = "y"}]
// CHECK-SAME: read = 136 : i64, rejected = [], strategy = "reduction<lanes = 4, tile = [1, 4], split = 2>", written = 16 : i64}
#x = affine_map<(n, k) -> (k)>
#w = affine_map<(n, k) -> (n, k)>
#y = affine_map<(n, k) -> (n)>
#loc = loc("y"("FULLY_CONNECTED"("net.tflite":3:0)))
module attributes {tflc.arena_size = 100 : i64, tflc.target = {name = "t", triple = "x86_64-pc-linux-gnu"}} {
  // CHECK-LABEL: func.func @main
  // CHECK-SAME: %[[ARENA:[a-z0-9]+]]: memref<136xi8> {tflc.arena}
  // CHECK: %[[TIMES:[a-z0-9_]+]] = memref.view %[[ARENA]][%{{.*}}][] : memref<136xi8> to memref<4xi64>
  // CHECK: %[[BEFORE:[a-z0-9_]+]] = llvm.inline_asm {{.*}}rdtsc
  // CHECK-NEXT: %[[C0:[a-z0-9_]+]] = arith.constant 0
  // CHECK-NEXT: memref.store %[[BEFORE]], %[[TIMES]][%[[C0]]]
  // CHECK: linalg.fill
  // CHECK-NEXT: llvm.inline_asm
  // CHECK: tflrt.kernel
  // CHECK: llvm.inline_asm
  // CHECK: llvm.inline_asm
  // CHECK-NOT: llvm.inline_asm
  // CHECK: return
  func.func @main(%x: memref<6xf32>, %w: memref<4x6xf32>, %y: memref<4xf32>, %arena: memref<100xi8> {tflc.arena}) attributes {tfl.signature = "serving_default"} {
    %zero = arith.constant 0.0 : f32
    linalg.fill ins(%zero : f32) outs(%y : memref<4xf32>)
    tflrt.kernel #tflrt.reduction<dim = 1, lanes = 4, tile = [1, 4], split = 2> {
      linalg.generic {indexing_maps = [#x, #w, #y], iterator_types = ["parallel", "reduction"]}
          ins(%x, %w : memref<6xf32>, memref<4x6xf32>) outs(%y : memref<4xf32>) {
      ^bb0(%a: f32, %b: f32, %c: f32):
        %m = arith.mulf %a, %b : f32
        %s = arith.addf %c, %m : f32
        linalg.yield %s : f32
      } loc(#loc)
    }
    return
  }

  // Unknown dimensions: nothing is recorded.
  // CHECK-LABEL: func.func @dynamic
  // CHECK-NOT: llvm.inline_asm
  // CHECK: return
  func.func @dynamic(%y: memref<4xf32>, %arena: memref<100xi8> {tflc.arena}, %n: index {tflc.dim = [0, 0]}) attributes {tfl.signature = "dynamic"} {
    %zero = arith.constant 0.0 : f32
    linalg.fill ins(%zero : f32) outs(%y : memref<4xf32>)
    return
  }
}

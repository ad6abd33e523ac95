// RUN: tflc-opt %s --tflc-profile-steps | FileCheck %s

// Where a program cannot read the time, steps are described only.
// CHECK: module attributes
// CHECK-NOT: tflc.profile_offset
// CHECK-SAME: tflc.steps = [{cycles = 0 : i64, factors = 0 : i64, function = "main"
// CHECK-SAME: written = 16 : i64}]
module attributes {tflc.arena_size = 100 : i64, tflc.target = {name = "cortex-m4"}} {
  // CHECK: %{{.*}}: memref<100xi8> {tflc.arena}
  // CHECK-NOT: llvm.inline_asm
  func.func @main(%y: memref<4xf32>, %arena: memref<100xi8> {tflc.arena}) attributes {tfl.signature = "serving_default"} {
    %zero = arith.constant 0.0 : f32
    linalg.fill ins(%zero : f32) outs(%y : memref<4xf32>)
    return
  }
}

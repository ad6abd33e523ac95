// RUN: tflc-opt %s --tflc-set-target=target=x86-64-v3 --tflc-expand-words | FileCheck %s --check-prefix=AVX2
// RUN: tflc-opt %s --tflc-set-target=target=cortex-a72 --tflc-expand-words | FileCheck %s --check-prefix=NEON

// AVX2-LABEL: @vectors
// AVX2: llvm.call_intrinsic "llvm.x86.avx2.pmul.hr.sw"
// AVX2: llvm.call_intrinsic "llvm.x86.avx2.psign.w"
// NEON-LABEL: @vectors
// NEON: arith.muli %{{.*}} : vector<16xi32>
// NEON: arith.shrsi
// NEON: arith.trunci %{{.*}} : vector<16xi32> to vector<16xi16>
// NEON: arith.select
// NEON: arith.select
func.func @vectors(%x: vector<16xi16>, %y: vector<16xi16>) -> vector<16xi16> {
  %p = tflrt.multiply_high %x, %y : vector<16xi16>
  %s = tflrt.multiply_sign %p, %x : vector<16xi16>
  return %s : vector<16xi16>
}

// Rests of vectors have no instruction.
// AVX2-LABEL: @scalars
// AVX2: arith.muli %{{.*}} : i32
// AVX2: arith.shrsi
// AVX2: arith.select
// AVX2-NOT: tflrt
func.func @scalars(%x: i16, %y: i16) -> i16 {
  %p = tflrt.multiply_high %x, %y : i16
  %s = tflrt.multiply_sign %p, %x : i16
  return %s : i16
}

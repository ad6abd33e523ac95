// RUN: tflc-opt %s --tflc-set-target=target=x86-64-v3 --tflc-expand-words | FileCheck %s --check-prefix=AVX2
// RUN: tflc-opt %s --tflc-set-target=target=x86-64-v2 --tflc-expand-words | FileCheck %s --check-prefix=SSE
// RUN: tflc-opt %s --tflc-set-target=target=cortex-a72 --tflc-expand-words | FileCheck %s --check-prefix=NEON
// RUN: tflc-opt %s --tflc-set-target=target=cortex-m55 --tflc-expand-words | FileCheck %s --check-prefix=MVE
// RUN: tflc-opt %s --tflc-set-target=target=riscv64-gcv --tflc-expand-words | FileCheck %s --check-prefix=RVV
// RUN: tflc-opt %s --tflc-set-target=target=cortex-m4 --tflc-expand-words | FileCheck %s --check-prefix=DSP

// AVX2-LABEL: @vectors
// AVX2: llvm.call_intrinsic "llvm.x86.avx2.pmul.hr.sw"
// AVX2: llvm.call_intrinsic "llvm.x86.avx2.psign.w"
// SSE-LABEL: @vectors
// SSE-COUNT-2: llvm.call_intrinsic "llvm.x86.ssse3.pmul.hr.sw.128"
// SSE: arith.select
// NEON-LABEL: @vectors
// NEON-COUNT-2: llvm.call_intrinsic "llvm.aarch64.neon.sqrdmulh.v8i16"
// NEON: arith.select
// NEON: arith.select
// MVE-LABEL: @vectors
// MVE-COUNT-2: llvm.call_intrinsic "llvm.arm.mve.vqrdmulh.v8i16"
// RVV-LABEL: @vectors
// RVV: vector.scalable.insert %{{.*}}[0] : vector<16xi16> into vector<[8]xi16>
// RVV: llvm.call_intrinsic "llvm.riscv.vsmul"
// RVV: vector.scalable.extract %{{.*}}[0] : vector<16xi16> from vector<[8]xi16>
// DSP-LABEL: @vectors
// DSP: arith.muli %{{.*}} : vector<16xi32>
// DSP: arith.shrsi
// DSP: arith.trunci %{{.*}} : vector<16xi32> to vector<16xi16>
func.func @vectors(%x: vector<16xi16>, %y: vector<16xi16>) -> vector<16xi16> {
  %p = tflrt.multiply_high %x, %y : vector<16xi16>
  %s = tflrt.multiply_sign %p, %x : vector<16xi16>
  return %s : vector<16xi16>
}

// Four words are half of a register of x86.
// AVX2-LABEL: @half
// AVX2: vector.shuffle
// AVX2: llvm.call_intrinsic "llvm.x86.ssse3.pmul.hr.sw.128"
// NEON-LABEL: @half
// NEON: arith.muli %{{.*}} : vector<4xi32>
func.func @half(%x: vector<4xi16>, %y: vector<4xi16>) -> vector<4xi16> {
  %p = tflrt.multiply_high %x, %y : vector<4xi16>
  return %p : vector<4xi16>
}

// Single words have no instruction but SMLABB.
// AVX2-LABEL: @scalars
// AVX2: arith.muli %{{.*}} : i32
// AVX2: arith.shrsi
// AVX2: arith.select
// AVX2-NOT: tflrt
// DSP-LABEL: @scalars
// DSP: llvm.inline_asm {{.*}}"smlabb $0, $1, $2, $3"
// DSP: arith.shrsi
func.func @scalars(%x: i16, %y: i16) -> i16 {
  %p = tflrt.multiply_high %x, %y : i16
  %s = tflrt.multiply_sign %p, %x : i16
  return %s : i16
}

// Bytes that become words: two instructions take the bytes of a word apart, two put them in order. Other machines have vectors.
// DSP-LABEL: @extension
// DSP: vector.bitcast %{{.*}} : vector<8xi8> to vector<2xi32>
// DSP-COUNT-4: llvm.call_intrinsic "llvm.arm.sxtb16"
// DSP: vector.bitcast %{{.*}} : vector<4xi32> to vector<8xi16>
// DSP-COUNT-2: llvm.call_intrinsic "llvm.arm.uxtb16"
// DSP-NOT: arith.ext
// NEON-LABEL: @extension
// NEON: arith.extsi
// NEON: arith.extui
func.func @extension(%x: vector<8xi8>, %y: vector<4xi8>) -> (vector<8xi16>, vector<4xi16>) {
  %signed = arith.extsi %x : vector<8xi8> to vector<8xi16>
  %unsigned = arith.extui %y : vector<4xi8> to vector<4xi16>
  return %signed, %unsigned : vector<8xi16>, vector<4xi16>
}

// DSP-LABEL: @two_bytes
// DSP: arith.extsi
func.func @two_bytes(%x: vector<2xi8>) -> vector<2xi16> {
  %words = arith.extsi %x : vector<2xi8> to vector<2xi16>
  return %words : vector<2xi16>
}

// RUN: tflc-opt %s --tflc-set-target=target=cortex-a72 --tflrt-expand-rescale --canonicalize | FileCheck %s --check-prefix=NEON
// RUN: tflc-opt %s --tflc-set-target=target=cortex-m55 --tflrt-expand-rescale --canonicalize | FileCheck %s --check-prefix=MVE

// Four lanes at a time: the first rounding is that of the product's upper half, the second one that
// of a shift. Halves go away from zero, so one is taken from negative values.
// NEON-LABEL: @twice
// NEON: "llvm.aarch64.neon.sqrdmulh.v4i32"
// NEON: arith.shrsi
// NEON: arith.addi
// NEON: "llvm.aarch64.neon.srshl.v4i32"
// MVE-LABEL: @twice
// MVE: "llvm.arm.mve.vqrdmulh.v4i32"
// MVE: arith.shrsi
// MVE: arith.addi
// MVE: "llvm.arm.mve.vshl.vector.v4i32.v4i32"(%{{[^,]*}}, %{{[^,]*}}, %[[NO:[^,]*]], %{{[^,]*}}, %[[NO]])
// MVE: "llvm.arm.mve.vqrdmulh.v4i32"
// MVE-NOT: i64
func.func @twice(%x: vector<8xi32>, %m: vector<8xi32>, %s: vector<8xi8>) -> vector<8xi32> {
  %y = tflrt.rescale %x, %m, %s <double> {max_shift = -1 : i32} : vector<8xi32>, vector<8xi8> -> vector<8xi32>
  return %y : vector<8xi32>
}

// Once, to the right: the floor of the product's upper half is shifted.
// MVE-LABEL: @once
// MVE: "llvm.arm.mve.vqdmulh.v4i32"
// MVE-NEXT: "llvm.arm.mve.vshl.vector.v4i32.v4i32"
// MVE-NOT: i64
func.func @once(%x: vector<4xi32>, %m: vector<4xi32>, %s: vector<4xi32>) -> vector<4xi32> {
  %y = tflrt.rescale %x, %m, %s <single> {max_shift = -1 : i32} : vector<4xi32>, vector<4xi32> -> vector<4xi32>
  return %y : vector<4xi32>
}

// Once, to either side: products of 64 bits.
// MVE-LABEL: @either_side
// MVE-NOT: mve
// MVE: arith.muli %{{.*}} : vector<4xi64>
func.func @either_side(%x: vector<4xi32>, %m: vector<4xi32>, %s: vector<4xi32>) -> vector<4xi32> {
  %y = tflrt.rescale %x, %m, %s <single> : vector<4xi32>, vector<4xi32> -> vector<4xi32>
  return %y : vector<4xi32>
}

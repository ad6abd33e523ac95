// A rescale's offset by the sign of the accumulator: on AVX2 the accumulator itself is the mask, there is no comparison.
// RUN: tflc-opt %s --tflc-set-target=target=x86-64-v3 --tflc-phase-llvm -o %t.mlir
// RUN: mlir-translate --mlir-to-llvmir %t.mlir -o %t.ll
// RUN: llc -O2 -mcpu=x86-64-v3 %t.ll -o - | FileCheck %s
// RUN: llc -O2 -mcpu=x86-64-v4 %t.ll -o - | FileCheck %s --check-prefix=AVX512
// CHECK-LABEL: rescale:
// CHECK: vcvtdq2ps %[[ACC:ymm[0-9]+]], %[[FLOAT:ymm[0-9]+]]
// CHECK-NEXT: vblendvps %[[ACC]], %ymm3, %ymm2, %[[SUM:ymm[0-9]+]]
// CHECK-NEXT: vfmadd231ps %[[FLOAT]], %ymm1, %[[SUM]]
// CHECK-NEXT: vcvtps2dq %[[SUM]]
// CHECK-NEXT: retq

// AVX-512 takes the mask from the signs first.
// AVX512-LABEL: rescale:
// AVX512: vcvtdq2ps
// AVX512-NEXT: vpmovd2m %ymm0, %[[SIGNS:k[0-7]]]
// AVX512-NEXT: vmovaps %ymm3, %ymm2 {%[[SIGNS]]}
// AVX512-NEXT: vfmadd231ps
// AVX512-NEXT: vcvtps2dq
// AVX512-NEXT: retq

func.func @rescale(%acc: vector<8xi32>, %scale: vector<8xf32>, %offset: vector<8xf32>, %below: vector<8xf32>) -> vector<8xi32> {
  %result = tflrt.float_rescale %acc, %scale, %offset below %below : vector<8xf32> <nearest> : vector<8xi32>, vector<8xf32>, vector<8xf32>
  return %result : vector<8xi32>
}

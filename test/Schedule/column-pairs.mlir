// RUN: tflc-opt %s --tflc-set-target=target=riscv64-gc -tflc-form-kernels -tflc-select-strategies -tflc-emit-kernels | FileCheck %s
// RUN: tflc-opt %s --tflc-set-target=target=riscv64-gcv -tflc-form-kernels -tflc-select-strategies -tflc-emit-kernels | FileCheck %s --check-prefix=OTHERS
// RUN: tflc-opt %s --tflc-set-target=target=cortex-m3 -tflc-form-kernels -tflc-select-strategies -tflc-emit-kernels | FileCheck %s --check-prefix=OTHERS

// Two weights are one number of 64 bits, and one product is one for each of them. The sums are told apart behind the loop.
// CHECK-LABEL: @pairs
// CHECK: scf.for
// CHECK: %[[HIGH:.*]] = arith.shli %{{.*}}, %c32_i64
// CHECK: %[[PAIR:.*]] = arith.addi %{{.*}}, %[[HIGH]] : i64
// CHECK: arith.muli %{{.*}}, %[[PAIR]] : i64
// CHECK: scf.yield {{.*}} : i64
// CHECK: arith.trunci %{{.*}} : i64 to i32
// CHECK: arith.addi %{{.*}}, %c2147483648_i64
// CHECK: arith.shrsi %{{.*}}, %c32_i64
// CHECK: arith.trunci %{{.*}} : i64 to i32
// 1023 products of words and bytes do not fit the lower half.
// CHECK-LABEL: @long_sums
// CHECK-NOT: i64
// OTHERS-LABEL: @pairs
// OTHERS-NOT: i64
memref.global "private" constant @weights : memref<64x4xi8> = dense<3>
memref.global "private" constant @many_weights : memref<1023x4xi8> = dense<3>
func.func @pairs(%x: memref<8x64xi8>, %y: memref<8x4xi32>) {
  %w = memref.get_global @weights : memref<64x4xi8>
  linalg.generic {
      indexing_maps = [affine_map<(r, c, k) -> (r, k)>, affine_map<(r, c, k) -> (k, c)>, affine_map<(r, c, k) -> (r, c)>],
      iterator_types = ["parallel", "parallel", "reduction"]}
      ins(%x, %w : memref<8x64xi8>, memref<64x4xi8>) outs(%y : memref<8x4xi32>) {
  ^bb0(%a: i8, %b: i8, %sum: i32):
    %a32 = arith.extsi %a : i8 to i32
    %b32 = arith.extsi %b : i8 to i32
    %p = arith.muli %a32, %b32 : i32
    %s = arith.addi %sum, %p : i32
    linalg.yield %s : i32
  }
  return
}
func.func @long_sums(%x: memref<8x1023xi16>, %y: memref<8x4xi32>) {
  %w = memref.get_global @many_weights : memref<1023x4xi8>
  linalg.generic {
      indexing_maps = [affine_map<(r, c, k) -> (r, k)>, affine_map<(r, c, k) -> (k, c)>, affine_map<(r, c, k) -> (r, c)>],
      iterator_types = ["parallel", "parallel", "reduction"]}
      ins(%x, %w : memref<8x1023xi16>, memref<1023x4xi8>) outs(%y : memref<8x4xi32>) {
  ^bb0(%a: i16, %b: i8, %sum: i32):
    %a32 = arith.extsi %a : i16 to i32
    %b32 = arith.extsi %b : i8 to i32
    %p = arith.muli %a32, %b32 : i32
    %s = arith.addi %sum, %p : i32
    linalg.yield %s : i32
  }
  return
}

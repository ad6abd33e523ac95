// RUN: tflc-opt %s -tflc-expand-copies | FileCheck %s

// CHECK-LABEL: @strided
// CHECK: linalg.generic
// CHECK-NOT: memref.copy
func.func @strided(%a: memref<4x4xi8, strided<[8, 1]>>, %b: memref<4x4xi8>) {
  memref.copy %a, %b : memref<4x4xi8, strided<[8, 1]>> to memref<4x4xi8>
  return
}

// A contiguous copy becomes memcpy later, wherever it begins.
// CHECK-LABEL: @contiguous
// CHECK: memref.copy
func.func @contiguous(%a: memref<4x4xi8, strided<[4, 1], offset: 16>>, %b: memref<4x4xi8>) {
  memref.copy %a, %b : memref<4x4xi8, strided<[4, 1], offset: 16>> to memref<4x4xi8>
  return
}

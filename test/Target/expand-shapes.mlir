// RUN: tflc-opt %s -tflc-expand-shapes | FileCheck %s

// MLIR's own expansion of views knows one unknown part of a dimension at most.
// CHECK-LABEL: @open
// CHECK: %[[BASE:.*]], %{{.*}}, %{{.*}}, %{{.*}} = memref.extract_strided_metadata %arg0
// CHECK: memref.reinterpret_cast %[[BASE]] to offset: [0], sizes: [%arg1, %arg2], strides: [%arg2, 1]
func.func @open(%x: memref<?xf32>, %a: index, %b: index) -> memref<?x?xf32> {
  %0 = memref.expand_shape %x [[0, 1]] output_shape [%a, %b] : memref<?xf32> into memref<?x?xf32>
  return %0 : memref<?x?xf32>
}

// CHECK-LABEL: @one
// CHECK: memref.expand_shape
func.func @one(%x: memref<?xf32>, %a: index) -> memref<?x3xf32> {
  %0 = memref.expand_shape %x [[0, 1]] output_shape [%a, 3] : memref<?xf32> into memref<?x3xf32>
  return %0 : memref<?x3xf32>
}

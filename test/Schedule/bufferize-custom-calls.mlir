// RUN: tflc-opt %s -tflc-bufferize | FileCheck %s

// A call reads and writes whole buffers: a part of a tensor is copied first, and the result goes straight into the caller's memory.
// CHECK-LABEL: func.func @main(
// CHECK-SAME: %[[X:.*]]: memref<2x6xf32>, %[[Y:.*]]: memref<2x3xf32>, %{{.*}}: memref<?xi8> {tflc.arena}
func.func @main(%x: tensor<2x6xf32>) -> tensor<2x3xf32> attributes {tfl.signature = "serving_default"} {
  // CHECK: %[[PART:.*]] = memref.subview %[[X]][0, 3] [2, 3] [1, 1]
  // CHECK: %[[WHOLE:.*]] = memref.alloc() : memref<2x3xf32>
  // CHECK: linalg.generic {{.*}} ins(%[[PART]] : {{.*}}) outs(%[[WHOLE]] : memref<2x3xf32>)
  // CHECK: %[[STATUS:.*]] = tflrt.call_custom "my_op"(%[[WHOLE]] : memref<2x3xf32>) into(%[[Y]] : memref<2x3xf32>)
  // CHECK: tflrt.guard %[[STATUS]]
  %part = tensor.extract_slice %x[0, 3] [2, 3] [1, 1] : tensor<2x6xf32> to tensor<2x3xf32>
  %init = tensor.empty() : tensor<2x3xf32>
  %y, %status = tflrt.call_custom "my_op"(%part : tensor<2x3xf32>) into (%init : tensor<2x3xf32>)
    {options = "", input_types = [tensor<2x3xf32>], output_types = [tensor<2x3xf32>]} -> tensor<2x3xf32>
  %checked = tflrt.guard %status, %y : tensor<2x3xf32> -> tensor<2x3xf32>
  return %checked : tensor<2x3xf32>
}

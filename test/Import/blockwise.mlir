// A constant with a scale for each block keeps it in a file, whose scales are a tensor of their own.

// RUN: tflc-translate --export-tflite %s -o %t.tflite && tflc-translate --import-tflite --model-name=m.tflite %t.tflite -o %t.mlir
// RUN: FileCheck %s < %t.mlir
// RUN: tflc-translate --export-tflite %t.mlir -o %t.again.tflite
// RUN: tflc-translate --import-tflite --model-name=m.tflite %t.again.tflite -o %t.again.mlir && cmp %t.mlir %t.again.mlir

// CHECK: tfl.const
// CHECK-SAME{LITERAL}: dense<[[1, -8, 7, 0], [2, 3, -4, 5]]> : tensor<2x4xi4> -> tensor<2x4x!quant.uniform<i4:f32:{0:1, 1:2}, {{5.000000e-01, 2.500000e-01}, {1.000000e+00, 
// CHECK: tfl.fully_connected
func.func @main(%x: tensor<3x4xf32> {tfl.name = "x"}) -> (tensor<3x2xf32> {tfl.name = "y"}) {
  %w = tfl.const dense<[[1, -8, 7, 0], [2, 3, -4, 5]]> : tensor<2x4xi4> -> tensor<2x4x!quant.uniform<i4:f32:{0:1, 1:2}, {{0.5, 0.25}, {1.0, 0.0078125}}>>
  %y = tfl.fully_connected %x, %w : (tensor<3x4xf32>, tensor<2x4x!quant.uniform<i4:f32:{0:1, 1:2}, {{0.5, 0.25}, {1.0, 0.0078125}}>>) -> tensor<3x2xf32>
  return %y : tensor<3x2xf32>
}

// RUN: tflc-opt %s -tfl-to-linalg -canonicalize | FileCheck %s

// Nothing is divided by the number of no elements.
// CHECK-LABEL: func.func @mean_of_nothing
// CHECK: tflrt.rescale
// CHECK: return
func.func @mean_of_nothing(%x: tensor<0x3x!quant.uniform<i8:f32, 0.5:3>>) -> tensor<3x!quant.uniform<i8:f32, 0.25:4>> {
  %axis = tfl.const dense<0> : tensor<1xi32> -> tensor<1xi32>
  %y = tfl.mean %x, %axis {keep_dims = false} : (tensor<0x3x!quant.uniform<i8:f32, 0.5:3>>, tensor<1xi32>) -> tensor<3x!quant.uniform<i8:f32, 0.25:4>>
  return %y : tensor<3x!quant.uniform<i8:f32, 0.25:4>>
}

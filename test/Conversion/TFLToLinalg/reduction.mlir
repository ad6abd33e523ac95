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

// Sums of signed types are scaled in floats, halves away from zero.
// CHECK-LABEL: func.func @sum
// CHECK: %[[SUMS:.*]] = linalg.generic {{.*}} outs(%{{.*}} : tensor<2xi32>)
// CHECK: linalg.generic {{.*}} ins(%[[SUMS]]
// CHECK: %[[PRODUCT:.*]] = arith.mulf %{{.*}}, %cst
// CHECK: %[[SUM:.*]] = arith.addf %[[PRODUCT]], %{{.*}}
// CHECK: math.round %[[SUM]]
// CHECK-NOT: tflrt.rescale
func.func @sum(%x: tensor<2x3x!quant.uniform<i16:f32, 0.5>>) -> tensor<2x!quant.uniform<i16:f32, 0.75>> {
  %axis = tfl.const dense<1> : tensor<1xi32> -> tensor<1xi32>
  %y = tfl.sum %x, %axis {keep_dims = false} : (tensor<2x3x!quant.uniform<i16:f32, 0.5>>, tensor<1xi32>) -> tensor<2x!quant.uniform<i16:f32, 0.75>>
  return %y : tensor<2x!quant.uniform<i16:f32, 0.75>>
}

// CHECK-LABEL: func.func @sum_unsigned
// CHECK: tflrt.rescale %{{.*}} <double>
func.func @sum_unsigned(%x: tensor<2x3x!quant.uniform<u8:f32, 0.5:3>>) -> tensor<2x!quant.uniform<u8:f32, 0.75:4>> {
  %axis = tfl.const dense<1> : tensor<1xi32> -> tensor<1xi32>
  %y = tfl.sum %x, %axis {keep_dims = false} : (tensor<2x3x!quant.uniform<u8:f32, 0.5:3>>, tensor<1xi32>) -> tensor<2x!quant.uniform<u8:f32, 0.75:4>>
  return %y : tensor<2x!quant.uniform<u8:f32, 0.75:4>>
}

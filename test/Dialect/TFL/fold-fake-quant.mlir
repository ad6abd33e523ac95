// RUN: tflc-opt %s -tfl-fold-fake-quant | FileCheck %s

!u8 = !quant.uniform<u8:f32, 0.5:128>

// CHECK-LABEL: @pair
// CHECK-SAME: %arg0: tensor<2xf32> {tfl.given_type = !quant.uniform<i8:f32, 5.000000e-01>}
func.func @pair(%x: tensor<2xf32>) -> tensor<2xf32> {
  // CHECK-NEXT: %[[E:.*]] = tfl.exp %arg0 {tfl.given_types = [!quant.uniform<i8:f32, 5.000000e-01>]}
  // CHECK-NEXT: return %[[E]]
  %0 = tfl.quantize %x : (tensor<2xf32>) -> tensor<2x!u8>
  %1 = tfl.dequantize %0 : (tensor<2x!u8>) -> tensor<2xf32>
  %2 = tfl.exp %1 : (tensor<2xf32>) -> tensor<2xf32>
  %3 = tfl.quantize %2 : (tensor<2xf32>) -> tensor<2x!u8>
  %4 = tfl.dequantize %3 : (tensor<2x!u8>) -> tensor<2xf32>
  return %4 : tensor<2xf32>
}

// Somebody sees the number before it is rounded.
// CHECK-LABEL: @other_user
func.func @other_user(%x: tensor<2xf32>) -> (tensor<2xf32>, tensor<2xf32>) {
  // CHECK: tfl.quantize
  // CHECK: tfl.dequantize
  %0 = tfl.quantize %x : (tensor<2xf32>) -> tensor<2x!u8>
  %1 = tfl.dequantize %0 : (tensor<2x!u8>) -> tensor<2xf32>
  return %1, %x : tensor<2xf32>, tensor<2xf32>
}

// The integers are an output.
// CHECK-LABEL: @integers
func.func @integers(%x: tensor<2xf32>) -> tensor<2x!u8> {
  // CHECK: tfl.quantize
  %0 = tfl.quantize %x : (tensor<2xf32>) -> tensor<2x!u8>
  return %0 : tensor<2x!u8>
}

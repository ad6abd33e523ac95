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

// The steps of a range, moved so that zero is one of them.
// CHECK-LABEL: @range
// CHECK-SAME: %arg0: tensor<2xf32> {tfl.given_type = !quant.uniform<i8:f32, 1.000000e+00:-28>}
func.func @range(%x: tensor<2xf32>) -> tensor<2xf32> {
  // CHECK-NEXT: return %arg0
  %0 = tfl.fake_quant %x {min = -100.25 : f32, max = 154.75 : f32, num_bits = 8 : i32, narrow_range = false} : (tensor<2xf32>) -> tensor<2xf32>
  return %0 : tensor<2xf32>
}

// Weights are symmetric.
// CHECK-LABEL: @range_of_weights
func.func @range_of_weights(%x: tensor<1x2xf32>) -> tensor<1x1xf32> {
  // CHECK: tfl.const dense<1.000000e+00> : tensor<1x2xf32> {tfl.given_types = [!quant.uniform<i8:f32, 2.000000e+00>]}
  %w = tfl.const dense<1.0> : tensor<1x2xf32> -> tensor<1x2xf32>
  %0 = tfl.fake_quant %w {min = -254.0 : f32, max = 100.0 : f32, num_bits = 8 : i32, narrow_range = false} : (tensor<1x2xf32>) -> tensor<1x2xf32>
  // CHECK-NOT: tfl.fake_quant
  %1 = tfl.fully_connected %x, %0 : (tensor<1x2xf32>, tensor<1x2xf32>) -> tensor<1x1xf32>
  return %1 : tensor<1x1xf32>
}

// Types of other widths, and ranges without zero, are not those of kernels.
// CHECK-LABEL: @other_ranges
func.func @other_ranges(%x: tensor<2xf32>) -> tensor<2xf32> {
  // CHECK: tfl.fake_quant
  // CHECK: tfl.fake_quant
  %0 = tfl.fake_quant %x {min = -1.0 : f32, max = 1.0 : f32, num_bits = 4 : i32, narrow_range = false} : (tensor<2xf32>) -> tensor<2xf32>
  %1 = tfl.fake_quant %0 {min = 1.0 : f32, max = 2.0 : f32, num_bits = 8 : i32, narrow_range = false} : (tensor<2xf32>) -> tensor<2xf32>
  return %1 : tensor<2xf32>
}

// RUN: tflc-opt %s -tfl-quantize-integers=allow-float | FileCheck %s
// RUN: tflc-opt %s -tfl-quantize-integers="allow-float mode=int16x8" | FileCheck %s --check-prefix=WORDS

// An operator in int16 beside others in int8: bytes are widened by way of floats, for which there are kernels, and words are narrowed at once. What
// only moves elements does so in the width in which it finds them.
// CHECK-LABEL: @mixed
// CHECK: %[[A:.*]] = tfl.abs {{.*}} -> tensor<2x!quant.uniform<i8:f32
// CHECK: %[[F:.*]] = tfl.dequantize %[[A]]
// CHECK: %[[W:.*]] = tfl.quantize %[[F]] {{.*}} -> tensor<2x!quant.uniform<i16:f32
// CHECK: %[[S:.*]] = tfl.add %[[W]], %[[W]] {{.*}}pot_scale_int16 = false{{.*}} -> tensor<2x!quant.uniform<i16:f32
// CHECK: %[[R:.*]] = tfl.reshape %[[S]], {{.*}} -> tensor<1x2x!quant.uniform<i16:f32
// CHECK: %[[N:.*]] = tfl.quantize %[[R]] {{.*}}i16:f32{{.*}} -> tensor<1x2x!quant.uniform<i8:f32
// CHECK: tfl.abs %[[N]]
// WORDS-LABEL: @mixed
// WORDS: tfl.abs {{.*}}i16:f32
func.func @mixed(%x: tensor<2xf32> {tfl.range = array<f32: -1.0, 1.0>}) -> tensor<1x2xf32> {
  %s = tfl.const dense<[1, 2]> : tensor<2xi32> -> tensor<2xi32>
  %0 = tfl.abs %x {tfl.ranges = array<f32: 0.0, 1.0>} : (tensor<2xf32>) -> tensor<2xf32>
  %1 = tfl.add %0, %0 {fused_activation_function = "NONE", tfl.quantization_mode = "int16x8", tfl.ranges = array<f32: 0.0, 2.0>} : (tensor<2xf32>, tensor<2xf32>) -> tensor<2xf32>
  %2 = tfl.reshape %1, %s {tfl.ranges = array<f32: 0.0, 2.0>} : (tensor<2xf32>, tensor<2xi32>) -> tensor<1x2xf32>
  %3 = tfl.abs %2 {tfl.ranges = array<f32: 0.0, 2.0>} : (tensor<1x2xf32>) -> tensor<1x2xf32>
  return %3 : tensor<1x2xf32>
}

// The other way about. An operator that needs one scale for all has it in its own width.
// WORDS-LABEL: @narrow
// WORDS: %[[A:.*]] = tfl.abs {{.*}} -> tensor<2x!quant.uniform<i16:f32
// WORDS: %[[N:.*]] = tfl.quantize %[[A]] {{.*}} -> tensor<2x!quant.uniform<i8:f32
// WORDS: tfl.concatenation %[[N]], %[[N]] {{.*}} -> tensor<4x!quant.uniform<i8:f32
func.func @narrow(%x: tensor<2xf32> {tfl.range = array<f32: -1.0, 1.0>}) -> tensor<4xf32> {
  %0 = tfl.abs %x {tfl.ranges = array<f32: 0.0, 1.0>} : (tensor<2xf32>) -> tensor<2xf32>
  %1 = tfl.concatenation %0, %0 {axis = 0 : i32, fused_activation_function = "NONE", tfl.quantization_mode = "int8", tfl.ranges = array<f32: 0.0, 1.0>} : (tensor<2xf32>, tensor<2xf32>) -> tensor<4xf32>
  return %1 : tensor<4xf32>
}

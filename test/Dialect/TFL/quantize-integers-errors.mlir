// RUN: tflc-opt %s -tfl-quantize-integers -verify-diagnostics

func.func @main(%x: tensor<2xf32> {tfl.range = array<f32: -51.0, 51.0>}) -> tensor<2xf32> {
  %0 = tfl.exp %x {tfl.ranges = array<f32: 0.0, 51.0>} : (tensor<2xf32>) -> tensor<2xf32>
  // expected-error @+3 {{has no rule for quantization and would stay in float32}}
  // expected-note @+2 {{has no rule for quantization: 1 of SIN}}
  // expected-note @+1 {{help: --allow-float leaves them in float32, between DEQUANTIZE and QUANTIZE}}
  %1 = tfl.sin %0 {tfl.ranges = array<f32: -1.0, 1.0>} : (tensor<2xf32>) -> tensor<2xf32>
  // expected-note @+1 {{has a result without a range: 1 of ABS}}
  %2 = tfl.abs %1 : (tensor<2xf32>) -> tensor<2xf32>
  return %2 : tensor<2xf32>
}

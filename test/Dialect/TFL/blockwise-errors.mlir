// RUN: tflc-opt %s -split-input-file -verify-diagnostics

func.func @convolution(%x: tensor<1x2x2x4xf32>, %w: tensor<2x1x1x4x!quant.uniform<i4:f32:{0:1, 1:1, 2:1, 3:2}, {{{{0.5, 0.25}}}, {{{1.0, 0.125}}}}>>) -> tensor<1x2x2x2xf32> {
  // expected-error @below {{weights with a scale for each block are not supported here}}
  %0 = tfl.conv_2d %x, %w {padding = "VALID", stride_h = 1 : i32, stride_w = 1 : i32} : (tensor<1x2x2x4xf32>, tensor<2x1x1x4x!quant.uniform<i4:f32:{0:1, 1:1, 2:1, 3:2}, {{{{0.5, 0.25}}}, {{{1.0, 0.125}}}}>>) -> tensor<1x2x2x2xf32>
  return %0 : tensor<1x2x2x2xf32>
}

// -----

!blocks = tensor<2x4x!quant.uniform<i4:f32:{0:1, 1:2}, {{0.5, 0.25}, {1.0, 0.125}}>>

func.func @activations(%x: tensor<1x4x!quant.uniform<i8:f32, 0.5>>, %w: !blocks) -> tensor<1x2x!quant.uniform<i8:f32, 0.5>> {
  // expected-error @below {{weights with a scale for each block need float32 activations, found int8 input, int8 output}}
  %0 = tfl.fully_connected %x, %w : (tensor<1x4x!quant.uniform<i8:f32, 0.5>>, !blocks) -> tensor<1x2x!quant.uniform<i8:f32, 0.5>>
  return %0 : tensor<1x2x!quant.uniform<i8:f32, 0.5>>
}

// -----

!blocks = tensor<2x4x!quant.uniform<i4:f32:{0:1, 1:2}, {{0.5, 0.25}, {1.0, 0.125}}>>

func.func @constant(%x: tensor<1x4xf32>, %w: !blocks) -> tensor<1x2xf32> {
  // expected-error @below {{weights with a scale for each block must be a constant}}
  %0 = tfl.fully_connected %x, %w : (tensor<1x4xf32>, !blocks) -> tensor<1x2xf32>
  return %0 : tensor<1x2xf32>
}

// -----

!blocks = tensor<2x4x!quant.uniform<i4:f32:{0:1, 1:2}, {{0.5, 0.25}, {1.0, 0.125}}>>

func.func @bias(%x: tensor<1x4xf32>, %b: tensor<3xf32>) -> tensor<1x2xf32> {
  %w = tfl.const dense<1> : tensor<2x4xi4> -> !blocks
  // expected-error @below {{the bias must have 2 float32 elements, found float32 of shape [3]}}
  %0 = tfl.fully_connected %x, %w, %b : (tensor<1x4xf32>, !blocks, tensor<3xf32>) -> tensor<1x2xf32>
  return %0 : tensor<1x2xf32>
}

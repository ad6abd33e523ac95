// RUN: tflc-opt %s -split-input-file -verify-diagnostics

func.func @rank(%x: tensor<8x8x3xf32>, %w: tensor<4x3x3x3xf32>) -> tensor<1x8x8x4xf32> {
  // expected-error @below {{the input must have rank 4, found shape [8, 8, 3]}}
  %0 = tfl.conv_2d %x, %w {padding = "SAME", stride_w = 1 : i32, stride_h = 1 : i32}
    : (tensor<8x8x3xf32>, tensor<4x3x3x3xf32>) -> tensor<1x8x8x4xf32>
  return %0 : tensor<1x8x8x4xf32>
}

// -----

func.func @channels(%x: tensor<1x8x8x5xf32>, %w: tensor<4x3x3x3xf32>) -> tensor<1x8x8x4xf32> {
  // expected-error @below {{the input has 5 channels, which is no multiple of the 3 that the filter reads}}
  %0 = tfl.conv_2d %x, %w {padding = "SAME", stride_w = 1 : i32, stride_h = 1 : i32}
    : (tensor<1x8x8x5xf32>, tensor<4x3x3x3xf32>) -> tensor<1x8x8x4xf32>
  return %0 : tensor<1x8x8x4xf32>
}

// -----

func.func @groups(%x: tensor<1x8x8x9xf32>, %w: tensor<4x3x3x3xf32>) -> tensor<1x8x8x4xf32> {
  // expected-error @below {{the filter has 4 output channels, which is no multiple of its 3 groups}}
  %0 = tfl.conv_2d %x, %w {padding = "SAME", stride_w = 1 : i32, stride_h = 1 : i32}
    : (tensor<1x8x8x9xf32>, tensor<4x3x3x3xf32>) -> tensor<1x8x8x4xf32>
  return %0 : tensor<1x8x8x4xf32>
}

// -----

func.func @stride(%x: tensor<1x8x8x3xf32>, %w: tensor<4x3x3x3xf32>) -> tensor<1x8x8x4xf32> {
  // expected-error @below {{the stride along the height must be positive, found 0}}
  %0 = tfl.conv_2d %x, %w {padding = "SAME", stride_w = 1 : i32, stride_h = 0 : i32}
    : (tensor<1x8x8x3xf32>, tensor<4x3x3x3xf32>) -> tensor<1x8x8x4xf32>
  return %0 : tensor<1x8x8x4xf32>
}

// -----

func.func @window(%x: tensor<1x4x8x3xf32>, %w: tensor<4x3x3x3xf32>) -> tensor<1x1x8x4xf32> {
  // expected-error @below {{the filter covers 5 elements along the height, the input has only 4}}
  %0 = tfl.conv_2d %x, %w {padding = "VALID", stride_w = 1 : i32, stride_h = 1 : i32, dilation_h_factor = 2 : i32}
    : (tensor<1x4x8x3xf32>, tensor<4x3x3x3xf32>) -> tensor<1x1x8x4xf32>
  return %0 : tensor<1x1x8x4xf32>
}

// -----

!q = !quant.uniform<i16:f32, 0.5>
!w = !quant.uniform<i8:f32, 0.5>
func.func @bias(%x: tensor<1x8x8x3x!q>, %w: tensor<4x3x3x3x!w>, %b: tensor<4xi16>) -> tensor<1x8x8x4x!q> {
  // expected-error @below {{int16 activations need an int64 or int32 bias, found int16}}
  %0 = tfl.conv_2d %x, %w, %b {padding = "SAME", stride_w = 1 : i32, stride_h = 1 : i32}
    : (tensor<1x8x8x3x!q>, tensor<4x3x3x3x!w>, tensor<4xi16>) -> tensor<1x8x8x4x!q>
  return %0 : tensor<1x8x8x4x!q>
}

// -----

!q = !quant.uniform<i8:f32, 0.5>
!w = !quant.uniform<i8:f32:3, {0.5, 0.25, 0.5}>
func.func @axis(%x: tensor<1x8x8x3x!q>, %w: tensor<4x3x3x3x!w>) -> tensor<1x8x8x4x!q> {
  // expected-error @below {{the weights' scales must stand along dimension 0, found 3}}
  %0 = tfl.conv_2d %x, %w {padding = "SAME", stride_w = 1 : i32, stride_h = 1 : i32}
    : (tensor<1x8x8x3x!q>, tensor<4x3x3x3x!w>) -> tensor<1x8x8x4x!q>
  return %0 : tensor<1x8x8x4x!q>
}

// -----

!w = !quant.uniform<i8:f32, 0.5:1>
!q = !quant.uniform<i8:f32, 0.5>
func.func @zero_point(%x: tensor<1x8x8x3x!q>, %w: tensor<1x3x3x3x!w>) -> tensor<1x8x8x3x!q> {
  // expected-error @below {{the zero points of int8 weights must be 0}}
  %0 = tfl.depthwise_conv_2d %x, %w {padding = "SAME", stride_w = 1 : i32, stride_h = 1 : i32}
    : (tensor<1x8x8x3x!q>, tensor<1x3x3x3x!w>) -> tensor<1x8x8x3x!q>
  return %0 : tensor<1x8x8x3x!q>
}

// -----

func.func @multiplier(%x: tensor<1x8x8x3xf32>, %w: tensor<1x3x3x4xf32>) -> tensor<1x8x8x4xf32> {
  // expected-error @below {{the filter has 4 output channels, which is no multiple of the input's 3}}
  %0 = tfl.depthwise_conv_2d %x, %w {padding = "SAME", stride_w = 1 : i32, stride_h = 1 : i32}
    : (tensor<1x8x8x3xf32>, tensor<1x3x3x4xf32>) -> tensor<1x8x8x4xf32>
  return %0 : tensor<1x8x8x4xf32>
}

// -----

func.func @output_shape(%x: tensor<1x4x4x3xf32>, %w: tensor<2x3x3x3xf32>) -> tensor<1x8x8x2xf32> {
  %shape = tfl.const dense<[1, 8, 8, 5]> : tensor<4xi32> -> tensor<4xi32>
  // expected-error @below {{the output's shape has 5 channels, the weights have 2}}
  %0 = tfl.transpose_conv %shape, %w, %x {padding = "SAME", stride_w = 2 : i32, stride_h = 2 : i32}
    : (tensor<4xi32>, tensor<2x3x3x3xf32>, tensor<1x4x4x3xf32>) -> tensor<1x8x8x2xf32>
  return %0 : tensor<1x8x8x2xf32>
}

// -----

func.func @depth(%x: tensor<1x2x4x4x3xf32>, %w: tensor<3x3x3x3x5xf32>) -> tensor<1x1x2x2x5xf32> {
  // expected-error @below {{the filter covers 3 elements along the depth, the input has only 2}}
  %0 = tfl.conv_3d %x, %w {padding = "VALID", stride_d = 1 : i32, stride_w = 1 : i32, stride_h = 1 : i32}
    : (tensor<1x2x4x4x3xf32>, tensor<3x3x3x3x5xf32>) -> tensor<1x1x2x2x5xf32>
  return %0 : tensor<1x1x2x2x5xf32>
}

// -----

func.func @output_batch(%x: tensor<2x4x4x3xf32>, %w: tensor<2x3x3x3xf32>) -> tensor<1x8x8x2xf32> {
  %shape = tfl.const dense<[1, 8, 8, 2]> : tensor<4xi32> -> tensor<4xi32>
  // expected-error @below {{the output's shape has a batch of 1, the input one of 2}}
  %0 = tfl.transpose_conv %shape, %w, %x {padding = "SAME", stride_w = 2 : i32, stride_h = 2 : i32}
    : (tensor<4xi32>, tensor<2x3x3x3xf32>, tensor<2x4x4x3xf32>) -> tensor<1x8x8x2xf32>
  return %0 : tensor<1x8x8x2xf32>
}

// -----

func.func @conv_3d_of_open_channels(%x: tensor<1x4x4x4x?xf32>, %w: tensor<3x3x3x3x5xf32>) -> tensor<1x2x2x2x5xf32> {
  // expected-error @below {{the number of input channels must be known}}
  %0 = tfl.conv_3d %x, %w {padding = "VALID", stride_d = 1 : i32, stride_w = 1 : i32, stride_h = 1 : i32}
    : (tensor<1x4x4x4x?xf32>, tensor<3x3x3x3x5xf32>) -> tensor<1x2x2x2x5xf32>
  return %0 : tensor<1x2x2x2x5xf32>
}

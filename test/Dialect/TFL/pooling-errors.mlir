// RUN: tflc-opt %s -split-input-file -verify-diagnostics

func.func @padding(%x: tensor<1x4x4x3xf32>) -> tensor<1x2x2x3xf32> {
  // expected-error @below {{padding must be SAME or VALID, found FULL}}
  %0 = tfl.max_pool_2d %x {padding = "FULL", stride_w = 2 : i32, stride_h = 2 : i32, filter_width = 2 : i32, filter_height = 2 : i32}
    : (tensor<1x4x4x3xf32>) -> tensor<1x2x2x3xf32>
  return %0 : tensor<1x2x2x3xf32>
}

// -----

func.func @filter(%x: tensor<1x4x4x3xf32>) -> tensor<1x2x2x3xf32> {
  // expected-error @below {{the filter's width must be positive, found -2}}
  %0 = tfl.average_pool_2d %x {padding = "SAME", stride_w = 2 : i32, stride_h = 2 : i32, filter_width = -2 : i32, filter_height = 2 : i32}
    : (tensor<1x4x4x3xf32>) -> tensor<1x2x2x3xf32>
  return %0 : tensor<1x2x2x3xf32>
}

// -----

func.func @types(%x: tensor<1x4x4x3xi32>) -> tensor<1x2x2x3xi32> {
  // expected-error @below {{unsupported type int32}}
  %0 = tfl.average_pool_2d %x {padding = "SAME", stride_w = 2 : i32, stride_h = 2 : i32, filter_width = 2 : i32, filter_height = 2 : i32}
    : (tensor<1x4x4x3xi32>) -> tensor<1x2x2x3xi32>
  return %0 : tensor<1x2x2x3xi32>
}

// -----

func.func @needs_scale(%x: tensor<1x4x4x3xi8>) -> tensor<1x2x2x3xi8> {
  // expected-error @below {{the fused activation function RELU needs an output with one scale}}
  %0 = tfl.max_pool_2d %x {padding = "SAME", stride_w = 2 : i32, stride_h = 2 : i32, filter_width = 2 : i32, filter_height = 2 : i32, fused_activation_function = "RELU"}
    : (tensor<1x4x4x3xi8>) -> tensor<1x2x2x3xi8>
  return %0 : tensor<1x2x2x3xi8>
}

// RUN: tflc-opt %s -split-input-file -verify-diagnostics

func.func @depth(%x: tensor<2x7xf32>, %w: tensor<4x3xf32>) -> tensor<2x4xf32> {
  // expected-error @below {{the input has 14 elements, which is no multiple of the weights' 3 columns}}
  %0 = tfl.fully_connected %x, %w : (tensor<2x7xf32>, tensor<4x3xf32>) -> tensor<2x4xf32>
  return %0 : tensor<2x4xf32>
}

// -----

func.func @format(%x: tensor<2x3xf32>, %w: tensor<4x3xf32>) -> tensor<2x4xf32> {
  // expected-error @below {{the weights' format SHUFFLED4x16INT8 is not supported}}
  %0 = tfl.fully_connected %x, %w {weights_format = "SHUFFLED4x16INT8"} : (tensor<2x3xf32>, tensor<4x3xf32>) -> tensor<2x4xf32>
  return %0 : tensor<2x4xf32>
}

// -----

func.func @bias(%x: tensor<2x3xf32>, %w: tensor<4x3xf32>, %b: tensor<3xf32>) -> tensor<2x4xf32> {
  // expected-error @below {{the bias has 3 elements, the weights have 4 output channels}}
  %0 = tfl.fully_connected %x, %w, %b : (tensor<2x3xf32>, tensor<4x3xf32>, tensor<3xf32>) -> tensor<2x4xf32>
  return %0 : tensor<2x4xf32>
}

// -----

func.func @types(%x: tensor<2x3xf32>, %w: tensor<4x3xi32>) -> tensor<2x4xf32> {
  // expected-error @below {{unsupported types: float32 input, int32 weights, float32 output}}
  %0 = tfl.fully_connected %x, %w : (tensor<2x3xf32>, tensor<4x3xi32>) -> tensor<2x4xf32>
  return %0 : tensor<2x4xf32>
}

// -----

func.func @activation(%x: tensor<2x3xf32>, %w: tensor<4x3xf32>) -> tensor<2x4xf32> {
  // expected-error @below {{the fused activation function SIGN_BIT is not supported with float32 outputs}}
  %0 = tfl.fully_connected %x, %w {fused_activation_function = "SIGN_BIT"} : (tensor<2x3xf32>, tensor<4x3xf32>) -> tensor<2x4xf32>
  return %0 : tensor<2x4xf32>
}

// -----

func.func @inner(%x: tensor<2x3xf32>, %y: tensor<4x5xf32>) -> tensor<2x5xf32> {
  // expected-error @below {{cannot multiply shapes [2, 3] and [4, 5]: the inner dimensions differ}}
  %0 = tfl.batch_matmul %x, %y : (tensor<2x3xf32>, tensor<4x5xf32>) -> tensor<2x5xf32>
  return %0 : tensor<2x5xf32>
}

// -----

func.func @batches(%x: tensor<2x2x3xf32>, %y: tensor<3x3x5xf32>) -> tensor<2x2x5xf32> {
  // expected-error @below {{cannot broadcast shapes [2, 2, 3] and [3, 3, 5] against each other}}
  %0 = tfl.batch_matmul %x, %y : (tensor<2x2x3xf32>, tensor<3x3x5xf32>) -> tensor<2x2x5xf32>
  return %0 : tensor<2x2x5xf32>
}

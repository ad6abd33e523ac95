// RUN: tflc-opt %s -split-input-file -verify-diagnostics

func.func @types(%a: tensor<2xf32>, %b: tensor<2xi32>) -> tensor<2xf32> {
  // expected-error @+1 {{operands and result must have one type, found float32 and int32}}
  %0 = tfl.add %a, %b : (tensor<2xf32>, tensor<2xi32>) -> tensor<2xf32>
  return %0 : tensor<2xf32>
}

// -----

func.func @unsupported(%a: tensor<2xi8>) -> tensor<2xi8> {
  // expected-error @+1 {{unsupported type int8}}
  %0 = tfl.add %a, %a : (tensor<2xi8>, tensor<2xi8>) -> tensor<2xi8>
  return %0 : tensor<2xi8>
}

// -----

func.func @activation(%a: tensor<2xf32>) -> tensor<2xf32> {
  // expected-error @+1 {{unsupported fused activation function TANH}}
  %0 = tfl.mul %a, %a {fused_activation_function = "TANH"} : (tensor<2xf32>, tensor<2xf32>) -> tensor<2xf32>
  return %0 : tensor<2xf32>
}

// -----

!q = !quant.uniform<i16:f32, 0.5:3>
func.func @zero_point(%a: tensor<2x!q>) -> tensor<2x!q> {
  // expected-error @+1 {{the zero point of int16 tensors must be 0, found 3}}
  %0 = tfl.sub %a, %a : (tensor<2x!q>, tensor<2x!q>) -> tensor<2x!q>
  return %0 : tensor<2x!q>
}

// -----

func.func @condition(%a: tensor<2xf32>) -> tensor<2xf32> {
  // expected-error @+1 {{the condition must be bool, found float32}}
  %0 = tfl.select_v2 %a, %a, %a : (tensor<2xf32>, tensor<2xf32>, tensor<2xf32>) -> tensor<2xf32>
  return %0 : tensor<2xf32>
}

// -----

func.func @axis(%a: tensor<2x3xf32>) -> tensor<2xf32> {
  %axes = tfl.const dense<2> : tensor<1xi32> -> tensor<1xi32>
  // expected-error @+1 {{an axis is not a dimension of the input's shape [2, 3]}}
  %0 = tfl.mean %a, %axes {keep_dims = false} : (tensor<2x3xf32>, tensor<1xi32>) -> tensor<2xf32>
  return %0 : tensor<2xf32>
}

// -----

!q = !quant.uniform<i8:f32, 0.5:3>
func.func @scale(%a: tensor<2x!q>) -> tensor<2x!q> {
  // expected-error @+1 {{the result must have scale 3.906250e-03 and zero point -128, found 5.000000e-01 and 3}}
  %0 = tfl.softmax %a {beta = 1.0 : f32} : (tensor<2x!q>) -> tensor<2x!q>
  return %0 : tensor<2x!q>
}

// -----

!q = !quant.uniform<i8:f32:1, {0.5, 0.25, 0.125}>
func.func @scales(%a: tensor<3x2x!q>) -> tensor<3x2xf32> {
  // expected-error @+1 {{dimension 1 of shape [3, 2] has 3 scales}}
  %0 = tfl.dequantize %a : (tensor<3x2x!q>) -> tensor<3x2xf32>
  return %0 : tensor<3x2xf32>
}

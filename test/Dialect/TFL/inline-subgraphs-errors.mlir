// RUN: tflc-opt %s -split-input-file -tfl-inline-subgraphs -verify-diagnostics

func.func @unknown(%a: tensor<4xf32>) -> tensor<4xf32> {
  // expected-error @below {{there is no function @nowhere}}
  %y = tfl.stablehlo_composite %a {decomposition_subgraph = @nowhere} : (tensor<4xf32>) -> tensor<4xf32>
  return %y : tensor<4xf32>
}

// -----

func.func @endless(%a: tensor<4xf32>) -> tensor<4xf32> {
  // expected-error @below {{the subgraph @endless is part of itself}}
  %y = tfl.stablehlo_composite %a {decomposition_subgraph = @endless} : (tensor<4xf32>) -> tensor<4xf32>
  return %y : tensor<4xf32>
}

// -----

func.func @inputs(%a: tensor<4xf32>) -> tensor<4xf32> {
  // expected-error @below {{the decomposition has 2 inputs and 1 outputs, the operator 1 and 1}}
  %y = tfl.stablehlo_composite %a {decomposition_subgraph = @two} : (tensor<4xf32>) -> tensor<4xf32>
  return %y : tensor<4xf32>
}
func.func private @two(%a: tensor<4xf32>, %b: tensor<4xf32>) -> tensor<4xf32> {
  return %a : tensor<4xf32>
}

// -----

func.func @types(%a: tensor<4xi32>) -> tensor<4xf32> {
  // expected-error @below {{input 0 is int32, but float32 in the decomposition}}
  %y = tfl.stablehlo_composite %a {decomposition_subgraph = @one} : (tensor<4xi32>) -> tensor<4xf32>
  return %y : tensor<4xf32>
}
func.func private @one(%a: tensor<4xf32>) -> tensor<4xf32> {
  return %a : tensor<4xf32>
}

// -----

func.func @window(%x: tensor<4xf32>, %i: tensor<f32>) -> tensor<4xf32> {
  // expected-error @below {{the body must be one of ADD, MUL, MAXIMUM, MINIMUM, LOGICAL_AND, LOGICAL_OR or their StableHLO forms}}
  %y = tfl.stablehlo_reduce_window %x, %i {window_dimensions = array<i64: 1>, window_strides = array<i64: 1>,
    base_dilations = array<i64: 1>, window_dilations = array<i64: 1>, padding = array<i64: 0, 0>, body_subgraph = @sub}
    : (tensor<4xf32>, tensor<f32>) -> tensor<4xf32>
  return %y : tensor<4xf32>
}
func.func private @sub(%a: tensor<f32>, %b: tensor<f32>) -> tensor<f32> {
  %y = tfl.sub %a, %b : (tensor<f32>, tensor<f32>) -> tensor<f32>
  return %y : tensor<f32>
}

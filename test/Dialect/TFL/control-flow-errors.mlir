// RUN: tflc-opt %s -split-input-file -verify-diagnostics

func.func @missing(%c: tensor<i1>, %x: tensor<4xf32>) -> tensor<4xf32> {
  // expected-error @+1 {{there is no subgraph @nothing}}
  %y = tfl.if %c, %x {then_subgraph = @nothing, else_subgraph = @nothing} : (tensor<i1>, tensor<4xf32>) -> tensor<4xf32>
  return %y : tensor<4xf32>
}

// -----

func.func @condition_type(%c: tensor<i32>, %x: tensor<4xf32>) -> tensor<4xf32> {
  // expected-error @+1 {{the condition must be bool, found int32}}
  %y = tfl.if %c, %x {then_subgraph = @f, else_subgraph = @f} : (tensor<i32>, tensor<4xf32>) -> tensor<4xf32>
  return %y : tensor<4xf32>
}
func.func private @f(%x: tensor<4xf32>) -> tensor<4xf32>

// -----

func.func @condition_shape(%c: tensor<2xi1>, %x: tensor<4xf32>) -> tensor<4xf32> {
  // expected-error @+1 {{the condition must have one element, its shape is [2]}}
  %y = tfl.if %c, %x {then_subgraph = @f, else_subgraph = @f} : (tensor<2xi1>, tensor<4xf32>) -> tensor<4xf32>
  return %y : tensor<4xf32>
}
func.func private @f(%x: tensor<4xf32>) -> tensor<4xf32>

// -----

func.func @inputs(%c: tensor<i1>, %x: tensor<4xf32>) -> tensor<4xf32> {
  // expected-error @+1 {{the subgraph "f" has 2 inputs, but 1 are given}}
  %y = tfl.if %c, %x {then_subgraph = @f, else_subgraph = @f} : (tensor<i1>, tensor<4xf32>) -> tensor<4xf32>
  return %y : tensor<4xf32>
}
func.func private @f(%x: tensor<4xf32>, %z: tensor<4xf32>) -> tensor<4xf32>

// -----

func.func @input_type(%c: tensor<i1>, %x: tensor<4xf32>) -> tensor<4xf32> {
  // expected-error @+1 {{input 0 of the subgraph "f" is int32, but float32 is given}}
  %y = tfl.if %c, %x {then_subgraph = @f, else_subgraph = @f} : (tensor<i1>, tensor<4xf32>) -> tensor<4xf32>
  return %y : tensor<4xf32>
}
func.func private @f(%x: tensor<4xi32>) -> tensor<4xf32>

// -----

func.func @no_case(%i: tensor<i32>, %x: tensor<4xf32>) -> tensor<4xf32> {
  // expected-error @+1 {{has no subgraph to run}}
  %y = tfl.stablehlo_case %i, %x {branch_subgraphs = []} : (tensor<i32>, tensor<4xf32>) -> tensor<4xf32>
  return %y : tensor<4xf32>
}

// -----

func.func @condition_outputs(%x: tensor<4xf32>) -> tensor<4xf32> {
  // expected-error @+1 {{the condition "c" must have one output, it has 2}}
  %y = tfl.while %x {cond_subgraph = @c, body_subgraph = @c} : (tensor<4xf32>) -> tensor<4xf32>
  return %y : tensor<4xf32>
}
func.func private @c(%x: tensor<4xf32>) -> (tensor<i1>, tensor<i1>)

// -----

func.func @numbers(%x: tensor<4xf32>) {
  // expected-error @+1 {{has 1 inputs and 0 outputs; it must have as many}}
  tfl.while %x {cond_subgraph = @c, body_subgraph = @c} : (tensor<4xf32>) -> ()
  return
}

// -----

func.func @carried_types(%x: tensor<4xf32>) -> tensor<4xi32> {
  // expected-error @+1 {{input 0 is float32, but output 0 is int32}}
  %y = tfl.while %x {cond_subgraph = @c, body_subgraph = @c} : (tensor<4xf32>) -> tensor<4xi32>
  return %y : tensor<4xi32>
}

// RUN: tflc-opt %s -split-input-file -tfl-inline-control-flow -verify-diagnostics

func.func @main(%c: tensor<i1>) -> tensor<i1> {
  %y = tfl.if %c, %c {then_subgraph = @again, else_subgraph = @other} : (tensor<i1>, tensor<i1>) -> tensor<i1>
  return %y : tensor<i1>
}
func.func private @again(%c: tensor<i1>) -> tensor<i1> {
  %y = tfl.if %c, %c {then_subgraph = @other, else_subgraph = @other} : (tensor<i1>, tensor<i1>) -> tensor<i1>
  return %y : tensor<i1>
}
func.func private @other(%c: tensor<i1>) -> tensor<i1> {
  // expected-error @+1 {{the subgraph "again" calls itself; this is not supported}}
  %y = tfl.if %c, %c {then_subgraph = @again, else_subgraph = @again} : (tensor<i1>, tensor<i1>) -> tensor<i1>
  return %y : tensor<i1>
}

// -----

func.func @itself(%x: tensor<i1>) -> tensor<i1> {
  // expected-error @+1 {{the subgraph "itself" calls itself; this is not supported}}
  %y = tfl.while %x {cond_subgraph = @itself, body_subgraph = @itself} : (tensor<i1>) -> tensor<i1>
  return %y : tensor<i1>
}

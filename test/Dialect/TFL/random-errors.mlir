// RUN: tflc-opt %s -split-input-file -verify-diagnostics

func.func @shape_type(%s: tensor<2xi64>) -> tensor<?x?xf32> {
  // expected-error @below {{the shape must be a vector of int32, found int64 of shape [2]}}
  %y = tfl.random_uniform %s : (tensor<2xi64>) -> tensor<?x?xf32>
  return %y : tensor<?x?xf32>
}

// -----

func.func @negative() -> tensor<?xf32> {
  %s = tfl.const dense<-2> : tensor<1xi32> -> tensor<1xi32>
  // expected-error @below {{the shape must not be negative, found -2}}
  %y = tfl.random_standard_normal %s : (tensor<1xi32>) -> tensor<?xf32>
  return %y : tensor<?xf32>
}

// -----

func.func @classes(%x: tensor<3x0xf32>, %n: tensor<i32>) -> tensor<3x?xi32> {
  // expected-error @below {{there must be at least one class}}
  %y = tfl.multinomial %x, %n : (tensor<3x0xf32>, tensor<i32>) -> tensor<3x?xi32>
  return %y : tensor<3x?xi32>
}

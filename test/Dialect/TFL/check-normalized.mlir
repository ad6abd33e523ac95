// RUN: tflc-opt %s -tfl-check-normalized -split-input-file -verify-diagnostics

func.func @stale_shape(%x: tensor<2x3xf32>) -> tensor<1x6xf32> {
  // expected-error @below {{the result has shape [1, 6], but [6] follows}}
  %0 = tfl.reshape %x {new_shape = array<i32: 6>} : (tensor<2x3xf32>) -> tensor<1x6xf32>
  return %0 : tensor<1x6xf32>
}

// -----

// A shape that data decide shows when the model runs.
func.func @shape_from_data(%x: tensor<2x3xf32>, %s: tensor<2xi32>) -> tensor<?x?xf32> {
  %0 = tfl.reshape %x, %s : (tensor<2x3xf32>, tensor<2xi32>) -> tensor<?x?xf32>
  return %0 : tensor<?x?xf32>
}

// -----

func.func @unknown_batch(%x: tensor<?x3xf32>) -> tensor<?xf32> {
  %0 = tfl.reshape %x {new_shape = array<i32: -1>} : (tensor<?x3xf32>) -> tensor<?xf32>
  return %0 : tensor<?xf32>
}

// RUN: tflc-opt %s -split-input-file -verify-diagnostics

func.func @scatter_nd_type(%i: tensor<4x1xi32>, %u: tensor<4xi16>, %s: tensor<1xi32>) -> tensor<8xi16> {
  // expected-error @below {{unsupported type int16}}
  %y = tfl.scatter_nd %i, %u, %s : (tensor<4x1xi32>, tensor<4xi16>, tensor<1xi32>) -> tensor<8xi16>
  return %y : tensor<8xi16>
}

// -----

func.func @scatter_nd_index_type(%i: tensor<4x1xi64>, %u: tensor<4xf32>, %s: tensor<1xi32>) -> tensor<8xf32> {
  // expected-error @below {{indices and shape must be int32, found int64}}
  %y = tfl.scatter_nd %i, %u, %s : (tensor<4x1xi64>, tensor<4xf32>, tensor<1xi32>) -> tensor<8xf32>
  return %y : tensor<8xf32>
}

// -----

func.func @scatter_nd_scalar_indices(%i: tensor<i32>, %u: tensor<4xf32>, %s: tensor<1xi32>) -> tensor<8xf32> {
  // expected-error @below {{indices must have a last dimension of known size, found shape []}}
  %y = tfl.scatter_nd %i, %u, %s : (tensor<i32>, tensor<4xf32>, tensor<1xi32>) -> tensor<8xf32>
  return %y : tensor<8xf32>
}

// -----

func.func @scatter_nd_updates(%i: tensor<4x1xi32>, %u: tensor<4x2xf32>) -> tensor<8x3xf32> {
  %s = tfl.const dense<[8, 3]> : tensor<2xi32> -> tensor<2xi32>
  // expected-error @below {{updates of shape [4, 2] and indices of shape [4, 1] do not fit a result of shape [8, 3]}}
  %y = tfl.scatter_nd %i, %u, %s : (tensor<4x1xi32>, tensor<4x2xf32>, tensor<2xi32>) -> tensor<8x3xf32>
  return %y : tensor<8x3xf32>
}

// -----

func.func @scatter_nd_negative(%i: tensor<4x1xi32>, %u: tensor<4xf32>) -> tensor<8xf32> {
  %s = tfl.const dense<-8> : tensor<1xi32> -> tensor<1xi32>
  // expected-error @below {{the shape must not be negative, found -8}}
  %y = tfl.scatter_nd %i, %u, %s : (tensor<4x1xi32>, tensor<4xf32>, tensor<1xi32>) -> tensor<8xf32>
  return %y : tensor<8xf32>
}

// -----

func.func @sparse_to_dense_values(%i: tensor<4xi32>, %v: tensor<3xf32>, %d: tensor<f32>) -> tensor<9xf32> {
  %s = tfl.const dense<9> : tensor<1xi32> -> tensor<1xi32>
  // expected-error @below {{values of shape [3] do not fit indices of shape [4]}}
  %y = tfl.sparse_to_dense %i, %s, %v, %d : (tensor<4xi32>, tensor<1xi32>, tensor<3xf32>, tensor<f32>) -> tensor<9xf32>
  return %y : tensor<9xf32>
}

// -----

func.func @sparse_to_dense_rank(%i: tensor<4xi32>, %v: tensor<4xf32>, %d: tensor<f32>) -> tensor<9x2xf32> {
  %s = tfl.const dense<[9, 2]> : tensor<2xi32> -> tensor<2xi32>
  // expected-error @below {{indices of shape [4] do not fit a result of shape [9, 2]}}
  %y = tfl.sparse_to_dense %i, %s, %v, %d : (tensor<4xi32>, tensor<2xi32>, tensor<4xf32>, tensor<f32>) -> tensor<9x2xf32>
  return %y : tensor<9x2xf32>
}

// -----

func.func @dynamic_update_slice_size(%x: tensor<4x5xi8>, %u: tensor<2x6xi8>, %at: tensor<2xi32>) -> tensor<4x5xi8> {
  // expected-error @below {{an update of shape [2, 6] does not fit a tensor of shape [4, 5]}}
  %y = tfl.dynamic_update_slice %x, %u, %at : (tensor<4x5xi8>, tensor<2x6xi8>, tensor<2xi32>) -> tensor<4x5xi8>
  return %y : tensor<4x5xi8>
}

// -----

func.func @dynamic_update_slice_start(%x: tensor<4x5xi8>, %u: tensor<2x5xi8>, %at: tensor<1xi32>) -> tensor<4x5xi8> {
  // expected-error @below {{start_indices must have one element for each of the 2 dimensions, found shape [1]}}
  %y = tfl.dynamic_update_slice %x, %u, %at : (tensor<4x5xi8>, tensor<2x5xi8>, tensor<1xi32>) -> tensor<4x5xi8>
  return %y : tensor<4x5xi8>
}

// -----

func.func @segment_sum_order(%x: tensor<3x2xf32>) -> tensor<3x2xf32> {
  %s = tfl.const dense<[0, 2, 2]> : tensor<3xi32> -> tensor<3xi32>
  // expected-error @below {{segment_ids must begin with 0 and increase by at most 1, found 2 at place 1}}
  %y = tfl.segment_sum %x, %s : (tensor<3x2xf32>, tensor<3xi32>) -> tensor<3x2xf32>
  return %y : tensor<3x2xf32>
}

// -----

func.func @segment_sum_type(%x: tensor<3x2xi64>, %s: tensor<3xi32>) -> tensor<3x2xi64> {
  // expected-error @below {{unsupported type int64}}
  %y = tfl.segment_sum %x, %s : (tensor<3x2xi64>, tensor<3xi32>) -> tensor<3x2xi64>
  return %y : tensor<3x2xi64>
}

// -----

func.func @unsorted_segment_ids(%x: tensor<3x2xf32>, %s: tensor<2xi32>, %n: tensor<i32>) -> tensor<?x2xf32> {
  // expected-error @below {{segment_ids of shape [2] do not fit an input of shape [3, 2]}}
  %y = tfl.unsorted_segment_sum %x, %s, %n : (tensor<3x2xf32>, tensor<2xi32>, tensor<i32>) -> tensor<?x2xf32>
  return %y : tensor<?x2xf32>
}

// -----

func.func @unsorted_segment_count(%x: tensor<3x2xf32>, %s: tensor<3xi32>) -> tensor<?x2xf32> {
  %n = tfl.const dense<-1> : tensor<i32> -> tensor<i32>
  // expected-error @below {{num_segments must not be negative, found -1}}
  %y = tfl.unsorted_segment_min %x, %s, %n : (tensor<3x2xf32>, tensor<3xi32>, tensor<i32>) -> tensor<?x2xf32>
  return %y : tensor<?x2xf32>
}

// RUN: tflc-opt %s -split-input-file -verify-diagnostics

func.func @sparse_number(%i: tensor<5xi32>, %p: tensor<4x2xi32>, %s: tensor<2xi32>, %w: tensor<4xf32>, %x: tensor<6x4xf32>) -> tensor<?x4xf32> {
  // expected-error @below {{ids, indices and weights must agree in number, found 4 and 5}}
  %y = tfl.embedding_lookup_sparse %i, %p, %s, %w, %x : (tensor<5xi32>, tensor<4x2xi32>, tensor<2xi32>, tensor<4xf32>, tensor<6x4xf32>) -> tensor<?x4xf32>
  return %y : tensor<?x4xf32>
}

// -----

func.func @sparse_shape(%i: tensor<4xi32>, %p: tensor<4x2xi32>, %w: tensor<4xf32>, %x: tensor<6x4xf32>) -> tensor<?x4xf32> {
  %s = tfl.const dense<[-3, 2]> : tensor<2xi32> -> tensor<2xi32>
  // expected-error @below {{dense_shape must not be negative, found -3}}
  %y = tfl.embedding_lookup_sparse %i, %p, %s, %w, %x : (tensor<4xi32>, tensor<4x2xi32>, tensor<2xi32>, tensor<4xf32>, tensor<6x4xf32>) -> tensor<?x4xf32>
  return %y : tensor<?x4xf32>
}

// -----

func.func @keys(%k: tensor<3xi32>, %keys: tensor<5xi32>, %x: tensor<4x2xf32>) -> (tensor<3x2xf32>, tensor<3xui8>) {
  // expected-error @below {{a table of shape [4, 2] does not fit keys of shape [5]}}
  %y, %h = tfl.hashtable_lookup %k, %keys, %x : (tensor<3xi32>, tensor<5xi32>, tensor<4x2xf32>) -> (tensor<3x2xf32>, tensor<3xui8>)
  return %y, %h : tensor<3x2xf32>, tensor<3xui8>
}

// -----

func.func @hash_bits(%h: tensor<2x40xf32>, %x: tensor<3xi32>) -> tensor<2xi32> {
  // expected-error @below {{hash must have at most 32 columns, found shape [2, 40]}}
  %y = tfl.lsh_projection %h, %x {type = "SPARSE"} : (tensor<2x40xf32>, tensor<3xi32>) -> tensor<2xi32>
  return %y : tensor<2xi32>
}

// -----

func.func @hash_weights(%h: tensor<2x4xf32>, %x: tensor<3xi32>, %w: tensor<2xf32>) -> tensor<8xi32> {
  // expected-error @below {{there are 2 weights for 3 items}}
  %y = tfl.lsh_projection %h, %x, %w {type = "DENSE"} : (tensor<2x4xf32>, tensor<3xi32>, tensor<2xf32>) -> tensor<8xi32>
  return %y : tensor<8xi32>
}

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

// -----

func.func @hashtable_types() -> tensor<1x!tfl.resource> {
  // expected-error @below {{a table is from INT64 to STRING or from STRING to INT64, found INT32 to STRING}}
  %h = tfl.hashtable {table_id = 7 : i32, key_dtype = "INT32", value_dtype = "STRING"} : () -> tensor<1x!tfl.resource>
  return %h : tensor<1x!tfl.resource>
}

// -----

func.func @hashtable_import_count(%h: tensor<1x!tfl.resource>, %k: tensor<3xi64>, %v: tensor<2xui256>) {
  // expected-error @below {{there are keys of shape [3] for values of shape [2]}}
  tfl.hashtable_import %h, %k, %v : (tensor<1x!tfl.resource>, tensor<3xi64>, tensor<2xui256>) -> ()
  return
}

// -----

func.func @hashtable_find_handle(%h: tensor<1xi32>, %k: tensor<3xi64>, %d: tensor<1xui256>) -> tensor<3xui256> {
  // expected-error @below {{the table must be a resource, found int32}}
  %y = tfl.hashtable_find %h, %k, %d : (tensor<1xi32>, tensor<3xi64>, tensor<1xui256>) -> tensor<3xui256>
  return %y : tensor<3xui256>
}

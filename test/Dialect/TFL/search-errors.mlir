// RUN: tflc-opt %s -split-input-file -verify-diagnostics

func.func @topk_count(%x: tensor<4x3xf32>) -> (tensor<4x4xf32>, tensor<4x4xi32>) {
  %k = tfl.const dense<4> : tensor<i32> -> tensor<i32>
  // expected-error @below {{k is 4, a row has 3 elements}}
  %v, %i = tfl.topk_v2 %x, %k : (tensor<4x3xf32>, tensor<i32>) -> (tensor<4x4xf32>, tensor<4x4xi32>)
  return %v, %i : tensor<4x4xf32>, tensor<4x4xi32>
}

// -----

func.func @topk_scalar(%x: tensor<f32>, %k: tensor<i32>) -> (tensor<f32>, tensor<i32>) {
  // expected-error @below {{the input must have at least one dimension}}
  %v, %i = tfl.topk_v2 %x, %k : (tensor<f32>, tensor<i32>) -> (tensor<f32>, tensor<i32>)
  return %v, %i : tensor<f32>, tensor<i32>
}

// -----

func.func @topk_type(%x: tensor<4xf32>, %k: tensor<i64>) -> (tensor<?xf32>, tensor<?xi32>) {
  // expected-error @below {{k must be int16 or int32, found int64}}
  %v, %i = tfl.topk_v2 %x, %k : (tensor<4xf32>, tensor<i64>) -> (tensor<?xf32>, tensor<?xi32>)
  return %v, %i : tensor<?xf32>, tensor<?xi32>
}

// -----

func.func @unique_rank(%x: tensor<2x3xf32>) -> (tensor<?xf32>, tensor<6xi32>) {
  // expected-error @below {{the input must be a vector, found shape [2, 3]}}
  %v, %i = tfl.unique %x : (tensor<2x3xf32>) -> (tensor<?xf32>, tensor<6xi32>)
  return %v, %i : tensor<?xf32>, tensor<6xi32>
}

// -----

func.func @unique_indices(%x: tensor<3xf32>) -> (tensor<?xf32>, tensor<3xi32>) {
  // expected-error @below {{idx_out_type is INT64, the indices are int32}}
  %v, %i = tfl.unique %x {idx_out_type = "INT64"} : (tensor<3xf32>) -> (tensor<?xf32>, tensor<3xi32>)
  return %v, %i : tensor<?xf32>, tensor<3xi32>
}

// -----

func.func @where_type(%x: tensor<3xi1>) -> tensor<?x1xi32> {
  // expected-error @below {{the result must be int64, found int32}}
  %0 = tfl.where %x : (tensor<3xi1>) -> tensor<?x1xi32>
  return %0 : tensor<?x1xi32>
}

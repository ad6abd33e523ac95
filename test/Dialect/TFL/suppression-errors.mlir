// RUN: tflc-opt %s -split-input-file -verify-diagnostics

func.func @box_shape(%b: tensor<6x3xf32>, %s: tensor<6xf32>, %n: tensor<i32>, %t: tensor<f32>) -> (tensor<?xi32>, tensor<i32>) {
  // expected-error @below {{boxes must have shape [number, 4], found [6, 3]}}
  %i, %v = tfl.non_max_suppression_v4 %b, %s, %n, %t, %t : (tensor<6x3xf32>, tensor<6xf32>, tensor<i32>, tensor<f32>, tensor<f32>) -> (tensor<?xi32>, tensor<i32>)
  return %i, %v : tensor<?xi32>, tensor<i32>
}

// -----

func.func @score_number(%b: tensor<6x4xf32>, %s: tensor<5xf32>, %n: tensor<i32>, %t: tensor<f32>) -> (tensor<?xi32>, tensor<i32>) {
  // expected-error @below {{scores of shape [5] do not fit boxes of shape [6, 4]}}
  %i, %v = tfl.non_max_suppression_v4 %b, %s, %n, %t, %t : (tensor<6x4xf32>, tensor<5xf32>, tensor<i32>, tensor<f32>, tensor<f32>) -> (tensor<?xi32>, tensor<i32>)
  return %i, %v : tensor<?xi32>, tensor<i32>
}

// -----

func.func @negative_size(%b: tensor<6x4xf32>, %s: tensor<6xf32>, %t: tensor<f32>) -> (tensor<?xi32>, tensor<i32>) {
  %n = tfl.const dense<-1> : tensor<i32> -> tensor<i32>
  // expected-error @below {{max_output_size must not be negative, found -1}}
  %i, %v = tfl.non_max_suppression_v4 %b, %s, %n, %t, %t : (tensor<6x4xf32>, tensor<6xf32>, tensor<i32>, tensor<f32>, tensor<f32>) -> (tensor<?xi32>, tensor<i32>)
  return %i, %v : tensor<?xi32>, tensor<i32>
}

// -----

func.func @sigma_type(%b: tensor<6x4xf32>, %s: tensor<6xf32>, %n: tensor<i32>, %t: tensor<f32>) -> (tensor<?xi32>, tensor<?xf32>, tensor<i32>) {
  // expected-error @below {{soft_nms_sigma must be float32, found int32}}
  %i, %w, %v = tfl.non_max_suppression_v5 %b, %s, %n, %t, %t, %n : (tensor<6x4xf32>, tensor<6xf32>, tensor<i32>, tensor<f32>, tensor<f32>, tensor<i32>) -> (tensor<?xi32>, tensor<?xf32>, tensor<i32>)
  return %i, %w, %v : tensor<?xi32>, tensor<?xf32>, tensor<i32>
}

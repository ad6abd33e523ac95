// RUN: tflc-opt %s -tfl-to-linalg -split-input-file -verify-diagnostics

func.func @fed(%k: tensor<2xi64>, %v: tensor<2xui256>) {
  %h = tfl.hashtable {table_id = 7 : i32, key_dtype = "INT64", value_dtype = "STRING"} : () -> tensor<1x!tfl.resource>
  // expected-error @below {{the keys and values of a table must be constants}}
  tfl.hashtable_import %h, %k, %v : (tensor<1x!tfl.resource>, tensor<2xi64>, tensor<2xui256>) -> ()
  return
}

// -----

func.func @never_filled() -> tensor<1xi64> {
  %h = tfl.hashtable {table_id = 7 : i32, key_dtype = "INT64", value_dtype = "STRING"} : () -> tensor<1x!tfl.resource>
  // expected-error @below {{nothing fills the table}}
  %y = tfl.hashtable_size %h : (tensor<1x!tfl.resource>) -> tensor<1xi64>
  return %y : tensor<1xi64>
}

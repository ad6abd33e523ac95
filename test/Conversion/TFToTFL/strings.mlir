// RUN: tflc-opt %s -tf-to-tfl -split-input-file -verify-diagnostics | FileCheck %s

// The first letter is the lowest byte: 97, and 98 + 256 * 99.
// CHECK-LABEL: func.func @values
// CHECK-SAME: (%arg0: tensor<2xui256>) -> (tensor<2xui256>, tensor<2xui256>)
// CHECK: tfl.const dense<[97, 25442]> : tensor<2xui256>
func.func @values(%x: tensor<2x!tf.string>) -> (tensor<2x!tf.string>, tensor<2x!tf.string>) {
  %0 = tf.Const dense<["a", "bc"]> : tensor<2x!tf.string> -> tensor<2x!tf.string>
  return %x, %0 : tensor<2x!tf.string>, tensor<2x!tf.string>
}

// -----

tf.Table @words : dense<["a", "b"]> : tensor<2x!tf.string> to dense<[1, 2]> : tensor<2xi64>

// CHECK-LABEL: func.func @look_up
// CHECK: tfl.call_once {{.*}}@initialize_variables
// CHECK: %[[T:.*]] = tfl.hashtable {{.*}}key_dtype = "STRING"{{.*}}value_dtype = "INT64"
// CHECK: tfl.hashtable_find %[[T]], %arg0
// CHECK: func.func private @initialize_variables
// CHECK: tfl.hashtable_import
func.func @look_up(%x: tensor<3x!tf.string>) -> tensor<3xi64> {
  %table = tf.HashTableV2 {shared_name = "words"} : () -> tensor<!tf.resource>
  %none = tf.Const dense<-1> : tensor<i64> -> tensor<i64>
  %0 = tf.LookupTableFindV2 %table, %x, %none
    : (tensor<!tf.resource>, tensor<3x!tf.string>, tensor<i64>) -> tensor<3xi64>
  return %0 : tensor<3xi64>
}

// -----

func.func @zero_byte() -> tensor<!tf.string> {
  // expected-error @below {{a string of 2 bytes cannot be converted}}
  %0 = tf.Const dense<"a\00"> : tensor<!tf.string> -> tensor<!tf.string>
  return %0 : tensor<!tf.string>
}

// -----

func.func @unsupported(%x: tensor<2x!tf.string>) -> tensor<2x!tf.string> {
  // expected-error @below {{there is no operator of TensorFlow Lite for 'StringUpper' of 'tensor<2x!tf.string>'}}
  // expected-note @below {{help: '--custom=StringUpper' keeps it}}
  %0 = "tf.StringUpper"(%x) : (tensor<2x!tf.string>) -> tensor<2x!tf.string>
  return %0 : tensor<2x!tf.string>
}

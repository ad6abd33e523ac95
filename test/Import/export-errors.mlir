// What the file format cannot say is an error at the op.

// RUN: not tflc-translate --export-tflite --allow-unregistered-dialect --split-input-file %s 2>&1 | FileCheck %s

// CHECK: 'other.op' is no operator of the file format
func.func @main(%x: tensor<4xf32> {tfl.name = "x"}) -> (tensor<4xf32> {tfl.name = "y"}) {
  %y = "other.op"(%x) : (tensor<4xf32>) -> tensor<4xf32>
  return %y : tensor<4xf32>
}

// -----

// CHECK: the file format has no tensors of type 'tensor<4xi7>'
func.func @main(%x: tensor<4xi7>) -> tensor<4xi7> {
  return %x : tensor<4xi7>
}

// -----

// CHECK: the file format has no dimensions of size 5000000000
func.func @main(%x: tensor<5000000000xi8>) -> tensor<5000000000xi8> {
  return %x : tensor<5000000000xi8>
}

// -----

// CHECK: two tensors of the signature have the name "x"
func.func @main(%x: tensor<4xi8> {tfl.name = "a", tfl.signature_name = "x"},
                %y: tensor<4xi8> {tfl.name = "b", tfl.signature_name = "x"}) -> tensor<4xi8>
    attributes {tfl.signature = "run"} {
  return %x : tensor<4xi8>
}

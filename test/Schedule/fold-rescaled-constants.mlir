// RUN: tflc-opt %s --tflc-fuse-elementwise --tflc-fold-byte-functions | FileCheck %s

// A rescaled constant is a constant: a quantized ADD of one is a function of the other summand, and rescales twice.
// CHECK-LABEL: @constant_summand
// CHECK-NOT: tflrt.rescale
// CHECK: tensor.extract
#id = affine_map<(d0) -> (d0)>
module attributes {tflc.target = {name = "x86-64-v3"}} {
  func.func @constant_summand(%x: tensor<64xi8>) -> tensor<64xi8> {
    %empty = tensor.empty() : tensor<64xi8>
    %y = linalg.generic {indexing_maps = [#id, #id], iterator_types = ["parallel"]}
        ins(%x : tensor<64xi8>) outs(%empty : tensor<64xi8>) {
    ^bb0(%in: i8, %out: i8):
      %m = arith.constant 1242405367 : i32
      %s = arith.constant -1 : i8
      %constant = arith.constant -267386880 : i32
      %a = arith.extsi %in : i8 to i32
      %b = tflrt.rescale %a, %m, %s <double> : i32, i8 -> i32
      %c = tflrt.rescale %constant, %m, %s <double> : i32, i8 -> i32
      %sum = arith.addi %b, %c : i32
      %d = tflrt.rescale %sum, %m, %s <double> : i32, i8 -> i32
      %r = arith.trunci %d : i32 to i8
      linalg.yield %r : i8
    } -> tensor<64xi8>
    return %y : tensor<64xi8>
  }
}

// RUN: tflc-opt %s -split-input-file -tflc-tabulate-low-bits | FileCheck %s

// Eight operations on the lowest two bits are a table of four words. What reads their result together with other
// values stays.
// CHECK-LABEL: @long_function
// CHECK: %[[TABLE:.*]] = arith.constant dense<[6, 66, 8, 98]> : tensor<4xi16>
// CHECK: linalg.generic
// CHECK: ^bb0(%[[X:.*]]: i16, %{{.*}}: i16):
// CHECK: %[[LOW:.*]] = arith.andi %[[X]], %{{.*}} : i16
// CHECK-NEXT: %[[I:.*]] = arith.index_castui %[[LOW]] : i16 to index
// CHECK-NEXT: %[[Y:.*]] = tensor.extract %[[TABLE]][%[[I]]] : tensor<4xi16>
// CHECK-NOT: tflrt.multiply_high
// CHECK: %[[Z:.*]] = arith.addi %[[Y]], %[[X]] : i16
// CHECK-NEXT: linalg.yield %[[Z]] : i16
#id = affine_map<(d0) -> (d0)>
module attributes {tflc.target = {name = "cortex-m4"}} {
  func.func @long_function(%x: tensor<64xi16>) -> tensor<64xi16> {
    %empty = tensor.empty() : tensor<64xi16>
    %y = linalg.generic {indexing_maps = [#id, #id], iterator_types = ["parallel"]}
        ins(%x : tensor<64xi16>) outs(%empty : tensor<64xi16>) {
    ^bb0(%in: i16, %out: i16):
      %mask = arith.constant 3 : i16
      %one = arith.constant 1 : i16
      %three = arith.constant 3 : i16
      %half = arith.constant 16384 : i16
      %low = arith.andi %in, %mask : i16
      %a = arith.muli %low, %three : i16
      %b = arith.addi %a, %one : i16
      %c = arith.xori %b, %three : i16
      %d = arith.muli %c, %c : i16
      %e = tflrt.multiply_high %d, %half : i16
      %f = arith.addi %e, %d : i16
      %g = arith.shli %low, %three : i16
      %h = arith.subi %f, %g : i16
      %z = arith.addi %h, %in : i16
      linalg.yield %z : i16
    } -> tensor<64xi16>
    return %y : tensor<64xi16>
  }
}

// -----

// A few operations are as fast as a look-up, and eleven bits are too many.
// CHECK-LABEL: @short_function
// CHECK-NOT: tensor.extract
#id = affine_map<(d0) -> (d0)>
module attributes {tflc.target = {name = "cortex-m4"}} {
  func.func @short_function(%x: tensor<64xi16>) -> tensor<64xi16> {
    %empty = tensor.empty() : tensor<64xi16>
    %y = linalg.generic {indexing_maps = [#id, #id], iterator_types = ["parallel"]}
        ins(%x : tensor<64xi16>) outs(%empty : tensor<64xi16>) {
    ^bb0(%in: i16, %out: i16):
      %mask = arith.constant 3 : i16
      %wide = arith.constant 2047 : i16
      %low = arith.andi %in, %mask : i16
      %a = tflrt.multiply_high %low, %wide : i16
      %many = arith.andi %in, %wide : i16
      %b = arith.muli %many, %many : i16
      %c = arith.addi %b, %many : i16
      %d = arith.muli %c, %c : i16
      %e = arith.addi %d, %many : i16
      %f = arith.muli %e, %e : i16
      %g = arith.addi %f, %many : i16
      %h = arith.muli %g, %g : i16
      %i = arith.addi %h, %many : i16
      %z = arith.addi %i, %a : i16
      linalg.yield %z : i16
    } -> tensor<64xi16>
    return %y : tensor<64xi16>
  }
}

// -----

// Vectors would take a load for each lane.
// CHECK-LABEL: @vectors
// CHECK-NOT: tensor.extract
#id = affine_map<(d0) -> (d0)>
module attributes {tflc.target = {name = "cortex-m55"}} {
  func.func @vectors(%x: tensor<64xi16>) -> tensor<64xi16> {
    %empty = tensor.empty() : tensor<64xi16>
    %y = linalg.generic {indexing_maps = [#id, #id], iterator_types = ["parallel"]}
        ins(%x : tensor<64xi16>) outs(%empty : tensor<64xi16>) {
    ^bb0(%in: i16, %out: i16):
      %mask = arith.constant 3 : i16
      %low = arith.andi %in, %mask : i16
      %a = arith.muli %low, %low : i16
      %b = arith.addi %a, %mask : i16
      %c = arith.muli %b, %b : i16
      %d = arith.addi %c, %mask : i16
      %e = arith.muli %d, %d : i16
      %f = arith.addi %e, %mask : i16
      %g = arith.muli %f, %f : i16
      %h = arith.addi %g, %mask : i16
      %z = arith.addi %h, %in : i16
      linalg.yield %z : i16
    } -> tensor<64xi16>
    return %y : tensor<64xi16>
  }
}

// RUN: tflc-opt %s -split-input-file --tflc-word-products | FileCheck %s

// One gate for all pixels of a channel: its real number is made of it in two words, and multiplied by the size of what it gates.
// CHECK-LABEL: @gate
// CHECK: linalg.generic
// CHECK: ^bb0(%[[X:.*]]: i8, %[[GATE:.*]]: i8, %{{.*}}: i8):
// CHECK: %[[WORD:.*]] = arith.extsi %[[GATE]] : i8 to i16
// CHECK: %[[NUMBER:.*]] = arith.addi %[[WORD]], %c128_i16
// CHECK: %[[SCALED:.*]] = arith.muli %[[NUMBER]]
// CHECK: %[[SHIFTED:.*]] = arith.shrui %[[SCALED]], %c8_i16
// CHECK: %[[INTEGER:.*]] = arith.addi %[[SHIFTED]], %c1_i16
// CHECK: tflrt.multiply_high
// CHECK: %[[FRACTION:.*]] = arith.addi %{{.*}}, %c-32768_i16
// CHECK: arith.extsi %[[X]] : i8 to i16
// CHECK: %[[FACTOR:.*]] = arith.addi %{{.*}}, %c5_i16
// CHECK: %[[SIZE:.*]] = math.absi %[[FACTOR]]
// CHECK: %[[WHOLE:.*]] = arith.muli %[[SIZE]], %[[INTEGER]] : i16
// CHECK: %[[PART:.*]] = tflrt.multiply_high %[[SIZE]], %[[FRACTION]]
// CHECK: arith.addi %[[WHOLE]], %[[PART]]
// CHECK: arith.shrui
// CHECK: tflrt.multiply_sign %{{.*}}, %[[FACTOR]] : i16
// CHECK: arith.maxsi %{{.*}} : i16
// CHECK: arith.trunci %{{.*}} : i16 to i8
// CHECK-NOT: i32
#all = affine_map<(d0, d1) -> (d0, d1)>
#channel = affine_map<(d0, d1) -> (d1)>
module attributes {tflc.target = {name = "x86-64-v3"}} {
  func.func @gate(%x: tensor<49x64xi8>, %gate: tensor<64xi8>) -> tensor<49x64xi8> {
    %empty = tensor.empty() : tensor<49x64xi8>
    %y = linalg.generic {indexing_maps = [#all, #channel, #all], iterator_types = ["parallel", "parallel"]}
        ins(%x, %gate : tensor<49x64xi8>, tensor<64xi8>) outs(%empty : tensor<49x64xi8>) {
    ^bb0(%in: i8, %g: i8, %out: i8):
      %m = arith.constant 1242405367 : i32
      %s = arith.constant -7 : i8
      %c5 = arith.constant 5 : i32
      %c128 = arith.constant 128 : i32
      %zero = arith.constant 3 : i32
      %low = arith.constant -128 : i32
      %high = arith.constant 127 : i32
      %a = arith.extsi %in : i8 to i32
      %b = arith.addi %a, %c5 : i32
      %c = arith.extsi %g : i8 to i32
      %d = arith.addi %c, %c128 : i32
      %p = arith.muli %b, %d : i32
      %r = tflrt.rescale %p, %m, %s <double> : i32, i8 -> i32
      %z = arith.addi %r, %zero : i32
      %max = arith.maxsi %z, %low : i32
      %min = arith.minsi %max, %high : i32
      %t = arith.trunci %min : i32 to i8
      linalg.yield %t : i8
    } -> tensor<49x64xi8>
    return %y : tensor<49x64xi8>
  }
}

// -----

// A factor of each element takes as long to be made as the product.
// CHECK-LABEL: @elementwise
// CHECK: tflrt.rescale
#all = affine_map<(d0, d1) -> (d0, d1)>
module attributes {tflc.target = {name = "x86-64-v3"}} {
  func.func @elementwise(%x: tensor<49x64xi8>, %gate: tensor<49x64xi8>) -> tensor<49x64xi8> {
    %empty = tensor.empty() : tensor<49x64xi8>
    %y = linalg.generic {indexing_maps = [#all, #all, #all], iterator_types = ["parallel", "parallel"]}
        ins(%x, %gate : tensor<49x64xi8>, tensor<49x64xi8>) outs(%empty : tensor<49x64xi8>) {
    ^bb0(%in: i8, %g: i8, %out: i8):
      %m = arith.constant 1242405367 : i32
      %s = arith.constant -7 : i8
      %c128 = arith.constant 128 : i32
      %low = arith.constant -128 : i32
      %high = arith.constant 127 : i32
      %a = arith.extsi %in : i8 to i32
      %c = arith.extsi %g : i8 to i32
      %d = arith.addi %c, %c128 : i32
      %p = arith.muli %a, %d : i32
      %r = tflrt.rescale %p, %m, %s <double> : i32, i8 -> i32
      %max = arith.maxsi %r, %low : i32
      %min = arith.minsi %max, %high : i32
      %t = arith.trunci %min : i32 to i8
      linalg.yield %t : i8
    } -> tensor<49x64xi8>
    return %y : tensor<49x64xi8>
  }
}

// -----

// A gate that may be negative, and a target without the instruction.
// CHECK-LABEL: @negative_gate
// CHECK: tflrt.rescale
// CHECK-NOT: multiply_high
#all = affine_map<(d0, d1) -> (d0, d1)>
#channel = affine_map<(d0, d1) -> (d1)>
module attributes {tflc.target = {name = "x86-64-v3"}} {
  func.func @negative_gate(%x: tensor<49x64xi8>, %gate: tensor<64xi8>) -> tensor<49x64xi8> {
    %empty = tensor.empty() : tensor<49x64xi8>
    %y = linalg.generic {indexing_maps = [#all, #channel, #all], iterator_types = ["parallel", "parallel"]}
        ins(%x, %gate : tensor<49x64xi8>, tensor<64xi8>) outs(%empty : tensor<49x64xi8>) {
    ^bb0(%in: i8, %g: i8, %out: i8):
      %m = arith.constant 1242405367 : i32
      %s = arith.constant -7 : i8
      %low = arith.constant -128 : i32
      %high = arith.constant 127 : i32
      %a = arith.extsi %in : i8 to i32
      %c = arith.extsi %g : i8 to i32
      %p = arith.muli %a, %c : i32
      %r = tflrt.rescale %p, %m, %s <double> : i32, i8 -> i32
      %max = arith.maxsi %r, %low : i32
      %min = arith.minsi %max, %high : i32
      %t = arith.trunci %min : i32 to i8
      linalg.yield %t : i8
    } -> tensor<49x64xi8>
    return %y : tensor<49x64xi8>
  }
}

// -----

// CHECK-LABEL: @other_target
// CHECK: tflrt.rescale
// CHECK-NOT: multiply_high
#all = affine_map<(d0, d1) -> (d0, d1)>
#channel = affine_map<(d0, d1) -> (d1)>
module attributes {tflc.target = {name = "cortex-a72"}} {
  func.func @other_target(%x: tensor<49x64xi8>, %gate: tensor<64xi8>) -> tensor<49x64xi8> {
    %empty = tensor.empty() : tensor<49x64xi8>
    %y = linalg.generic {indexing_maps = [#all, #channel, #all], iterator_types = ["parallel", "parallel"]}
        ins(%x, %gate : tensor<49x64xi8>, tensor<64xi8>) outs(%empty : tensor<49x64xi8>) {
    ^bb0(%in: i8, %g: i8, %out: i8):
      %m = arith.constant 1242405367 : i32
      %s = arith.constant -7 : i8
      %c128 = arith.constant 128 : i32
      %low = arith.constant -128 : i32
      %high = arith.constant 127 : i32
      %a = arith.extsi %in : i8 to i32
      %c = arith.extsi %g : i8 to i32
      %d = arith.addi %c, %c128 : i32
      %p = arith.muli %a, %d : i32
      %r = tflrt.rescale %p, %m, %s <double> : i32, i8 -> i32
      %max = arith.maxsi %r, %low : i32
      %min = arith.minsi %max, %high : i32
      %t = arith.trunci %min : i32 to i8
      linalg.yield %t : i8
    } -> tensor<49x64xi8>
    return %y : tensor<49x64xi8>
  }
}

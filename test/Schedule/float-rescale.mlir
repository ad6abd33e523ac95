// RUN: tflc-opt %s -split-input-file -tflc-float-rescale | FileCheck %s

// Results below zero are clamped away: rounding to the nearest integer does. The offsets are about the zero point, the scales the
// multipliers themselves.
// CHECK-LABEL: @per_channel
// CHECK-SAME: %[[X:.*]]: tensor<4x2xi32>
// CHECK-DAG: %[[OFFSETS:.*]] = arith.constant dense<[-127.99{{.*}}, -127.99{{.*}}]> : tensor<2xf32>
// CHECK-DAG: %[[SCALES:.*]] = arith.constant dense<[0.0022{{.*}}, 0.0017{{.*}}]> : tensor<2xf32>
// CHECK: linalg.generic
// CHECK-SAME: ins(%[[X]], %[[SCALES]], %[[OFFSETS]] :
// CHECK: ^bb0(%[[ACC:.*]]: i32, %[[SCALE:.*]]: f32, %[[OFFSET:.*]]: f32,
// CHECK-NEXT: %[[INTEGER:.*]] = tflrt.float_rescale %[[ACC]], %[[SCALE]], %[[OFFSET]] <nearest> {largest = {{[0-9]+}} : i32, non_decreasing}
// CHECK-NEXT: arith.maxsi %[[INTEGER]]
// CHECK-NOT: tflrt.rescale
module attributes {tflc.target = {name = "x86-64-v3"}} {
  func.func @per_channel(%x: tensor<4x2xi32>) -> tensor<4x2xi8> {
    %m = arith.constant dense<[1242405367, 1958940506]> : tensor<2xi32>
    %s = arith.constant dense<[-8, -9]> : tensor<2xi8>
    %empty = tensor.empty() : tensor<4x2xi8>
    %y = linalg.generic {
        indexing_maps = [affine_map<(d0, d1) -> (d0, d1)>, affine_map<(d0, d1) -> (d1)>,
                         affine_map<(d0, d1) -> (d1)>, affine_map<(d0, d1) -> (d0, d1)>],
        iterator_types = ["parallel", "parallel"]}
        ins(%x, %m, %s : tensor<4x2xi32>, tensor<2xi32>, tensor<2xi8>) outs(%empty : tensor<4x2xi8>) {
    ^bb0(%in: i32, %mul: i32, %shift: i8, %out: i8):
      %c-128 = arith.constant -128 : i32
      %c127 = arith.constant 127 : i32
      %r = tflrt.rescale %in, %mul, %shift <double> : i32, i8 -> i32
      %a = arith.addi %r, %c-128 : i32
      %b = arith.maxsi %a, %c-128 : i32
      %c = arith.minsi %b, %c127 : i32
      %t = arith.trunci %c : i32 to i8
      linalg.yield %t : i8
    } -> tensor<4x2xi8>
    return %y : tensor<4x2xi8>
  }
}

// -----

// Results of both signs, rounded twice, which moves halves away from zero: negative accumulators have an offset of their own. Both have
// the zero point. One multiplier for all.
// CHECK-LABEL: @both_signs
// CHECK-DAG: %[[OFFSET:.*]] = arith.constant 3.00{{.*}} : f32
// CHECK-DAG: %[[BELOW:.*]] = arith.constant 2.99{{.*}} : f32
// CHECK: ^bb0(%[[ACC:.*]]: i32, %{{.*}}: i8):
// CHECK-NEXT: %[[INTEGER:.*]] = tflrt.float_rescale %[[ACC]], %{{.*}}, %[[OFFSET]] below %[[BELOW]] : f32 <nearest>
// CHECK-NEXT: arith.maxsi %[[INTEGER]]
module attributes {tflc.target = {name = "x86-64-v3"}} {
  func.func @both_signs(%x: tensor<4xi32>) -> tensor<4xi8> {
    %m = arith.constant 1242405367 : i32
    %s = arith.constant -8 : i8
    %empty = tensor.empty() : tensor<4xi8>
    %y = linalg.generic {
        indexing_maps = [affine_map<(d0) -> (d0)>, affine_map<(d0) -> (d0)>], iterator_types = ["parallel"]}
        ins(%x : tensor<4xi32>) outs(%empty : tensor<4xi8>) {
    ^bb0(%in: i32, %out: i8):
      %c3 = arith.constant 3 : i32
      %c-128 = arith.constant -128 : i32
      %c127 = arith.constant 127 : i32
      %r = tflrt.rescale %in, %m, %s <double> : i32, i8 -> i32
      %a = arith.addi %r, %c3 : i32
      %b = arith.maxsi %a, %c-128 : i32
      %c = arith.minsi %b, %c127 : i32
      %t = arith.trunci %c : i32 to i8
      linalg.yield %t : i8
    } -> tensor<4xi8>
    return %y : tensor<4xi8>
  }
}

// -----

// Smaller steps: truncation, with small offsets and the zero point behind it.
// CHECK-LABEL: @truncated
// CHECK-DAG: %[[OFFSET:.*]] = arith.constant 0.500{{.*}} : f32
// CHECK-DAG: %[[BELOW:.*]] = arith.constant -0.500{{.*}} : f32
// CHECK: %[[INTEGER:.*]] = tflrt.float_rescale %{{.*}}, %{{.*}}, %[[OFFSET]] below %[[BELOW]] : f32 <truncate>
// The zero point leaves the result far from the ends of 32 bits.
// CHECK-NEXT: arith.addi %[[INTEGER]], %{{.*}} overflow<nsw> : i32
module attributes {tflc.target = {name = "x86-64-v3"}} {
  func.func @truncated(%x: tensor<4xi32>) -> tensor<4xi8> {
    %m = arith.constant 1242405367 : i32
    %s = arith.constant -12 : i8
    %empty = tensor.empty() : tensor<4xi8>
    %y = linalg.generic {
        indexing_maps = [affine_map<(d0) -> (d0)>, affine_map<(d0) -> (d0)>], iterator_types = ["parallel"]}
        ins(%x : tensor<4xi32>) outs(%empty : tensor<4xi8>) {
    ^bb0(%in: i32, %out: i8):
      %c3 = arith.constant 3 : i32
      %c-128 = arith.constant -128 : i32
      %c127 = arith.constant 127 : i32
      %r = tflrt.rescale %in, %m, %s <double> : i32, i8 -> i32
      %a = arith.addi %r, %c3 : i32
      %b = arith.maxsi %a, %c-128 : i32
      %c = arith.minsi %b, %c127 : i32
      %t = arith.trunci %c : i32 to i8
      linalg.yield %t : i8
    } -> tensor<4xi8>
    return %y : tensor<4xi8>
  }
}

// -----

// Results of both signs, rounded once.
// CHECK-LABEL: @rounded_once
// CHECK: tflrt.float_rescale {{.*}} <nearest>
module attributes {tflc.target = {name = "x86-64-v3"}} {
  func.func @rounded_once(%x: tensor<4xi32>) -> tensor<4xi8> {
    %m = arith.constant 1242405367 : i32
    %s = arith.constant -8 : i8
    %empty = tensor.empty() : tensor<4xi8>
    %y = linalg.generic {
        indexing_maps = [affine_map<(d0) -> (d0)>, affine_map<(d0) -> (d0)>], iterator_types = ["parallel"]}
        ins(%x : tensor<4xi32>) outs(%empty : tensor<4xi8>) {
    ^bb0(%in: i32, %out: i8):
      %c3 = arith.constant 3 : i32
      %c-128 = arith.constant -128 : i32
      %c127 = arith.constant 127 : i32
      %r = tflrt.rescale %in, %m, %s <single> : i32, i8 -> i32
      %a = arith.addi %r, %c3 : i32
      %b = arith.maxsi %a, %c-128 : i32
      %c = arith.minsi %b, %c127 : i32
      %t = arith.trunci %c : i32 to i8
      linalg.yield %t : i8
    } -> tensor<4xi8>
    return %y : tensor<4xi8>
  }
}

// -----

// Nothing to do: without a clamp all of 2^32 results would have to be equal.
// CHECK-LABEL: @not_clamped
// CHECK: tflrt.rescale
module attributes {tflc.target = {name = "x86-64-v3"}} {
  func.func @not_clamped(%x: tensor<4xi32>) -> tensor<4xi32> {
    %m = arith.constant 1242405367 : i32
    %s = arith.constant -8 : i8
    %empty = tensor.empty() : tensor<4xi32>
    %y = linalg.generic {
        indexing_maps = [affine_map<(d0) -> (d0)>, affine_map<(d0) -> (d0)>], iterator_types = ["parallel"]}
        ins(%x : tensor<4xi32>) outs(%empty : tensor<4xi32>) {
    ^bb0(%in: i32, %out: i32):
      %r = tflrt.rescale %in, %m, %s <double> : i32, i8 -> i32
      linalg.yield %r : i32
    } -> tensor<4xi32>
    return %y : tensor<4xi32>
  }
}

// -----

// Nothing to do: steps too small for floats.
// CHECK-LABEL: @too_fine
// CHECK: tflrt.rescale
module attributes {tflc.target = {name = "x86-64-v3"}} {
  func.func @too_fine(%x: tensor<4xi32>) -> tensor<4xi32> {
    %m = arith.constant 1242405367 : i32
    %s = arith.constant -24 : i8
    %empty = tensor.empty() : tensor<4xi32>
    %y = linalg.generic {
        indexing_maps = [affine_map<(d0) -> (d0)>, affine_map<(d0) -> (d0)>], iterator_types = ["parallel"]}
        ins(%x : tensor<4xi32>) outs(%empty : tensor<4xi32>) {
    ^bb0(%in: i32, %out: i32):
      %c-128 = arith.constant -128 : i32
      %c127 = arith.constant 127 : i32
      %r = tflrt.rescale %in, %m, %s <double> : i32, i8 -> i32
      %b = arith.maxsi %r, %c-128 : i32
      %c = arith.minsi %b, %c127 : i32
      linalg.yield %c : i32
    } -> tensor<4xi32>
    return %y : tensor<4xi32>
  }
}

// -----

// A channel without weights, whose bias lies beyond what floats tell apart: only what its
// accumulator can hold counts.
// CHECK-LABEL: @accumulators
// CHECK: tflrt.float_rescale
// CHECK-NOT: tflrt.rescale
module attributes {tflc.target = {name = "x86-64-v3"}} {
  func.func @accumulators(%acc: tensor<4x2xi32>) -> tensor<4x2xi8> {
    %m = arith.constant dense<[1242405367, 1958940506]> : tensor<2xi32>
    %s = arith.constant dense<[-4, -27]> : tensor<2xi8>
    %e8 = tensor.empty() : tensor<4x2xi8>
    %y = linalg.generic {
        indexing_maps = [affine_map<(d0, d1) -> (d0, d1)>, affine_map<(d0, d1) -> (d1)>,
                         affine_map<(d0, d1) -> (d1)>, affine_map<(d0, d1) -> (d0, d1)>],
        iterator_types = ["parallel", "parallel"]}
        ins(%acc, %m, %s : tensor<4x2xi32>, tensor<2xi32>, tensor<2xi8>) outs(%e8 : tensor<4x2xi8>) {
    ^bb0(%in: i32, %mul: i32, %shift: i8, %out: i8):
      %c-128 = arith.constant -128 : i32
      %c127 = arith.constant 127 : i32
      %r = tflrt.rescale %in, %mul, %shift <double> {input_ranges = array<i32: -1815, 2010, 1073741569, 1073742079>} : i32, i8 -> i32
      %b = arith.maxsi %r, %c-128 : i32
      %c = arith.minsi %b, %c127 : i32
      %t = arith.trunci %c : i32 to i8
      linalg.yield %t : i8
    } -> tensor<4x2xi8>
    return %y : tensor<4x2xi8>
  }
}

// -----

// Without the ranges no floats serve all inputs.
// CHECK-LABEL: @unknown_accumulators
// CHECK: tflrt.rescale
module attributes {tflc.target = {name = "x86-64-v3"}} {
  func.func @unknown_accumulators(%acc: tensor<4x2xi32>) -> tensor<4x2xi8> {
    %m = arith.constant dense<[1242405367, 1958940506]> : tensor<2xi32>
    %s = arith.constant dense<[-4, -27]> : tensor<2xi8>
    %e8 = tensor.empty() : tensor<4x2xi8>
    %y = linalg.generic {
        indexing_maps = [affine_map<(d0, d1) -> (d0, d1)>, affine_map<(d0, d1) -> (d1)>,
                         affine_map<(d0, d1) -> (d1)>, affine_map<(d0, d1) -> (d0, d1)>],
        iterator_types = ["parallel", "parallel"]}
        ins(%acc, %m, %s : tensor<4x2xi32>, tensor<2xi32>, tensor<2xi8>) outs(%e8 : tensor<4x2xi8>) {
    ^bb0(%in: i32, %mul: i32, %shift: i8, %out: i8):
      %c-128 = arith.constant -128 : i32
      %c127 = arith.constant 127 : i32
      %r = tflrt.rescale %in, %mul, %shift <double> : i32, i8 -> i32
      %b = arith.maxsi %r, %c-128 : i32
      %c = arith.minsi %b, %c127 : i32
      %t = arith.trunci %c : i32 to i8
      linalg.yield %t : i8
    } -> tensor<4x2xi8>
    return %y : tensor<4x2xi8>
  }
}

// -----

// Nothing to do on a machine with an exact doubling product of its own.
// CHECK-LABEL: @other_target
// CHECK: tflrt.rescale
module attributes {tflc.target = {name = "cortex-a72"}} {
  func.func @other_target(%x: tensor<4xi32>) -> tensor<4xi32> {
    %m = arith.constant 1242405367 : i32
    %s = arith.constant -8 : i8
    %empty = tensor.empty() : tensor<4xi32>
    %y = linalg.generic {
        indexing_maps = [affine_map<(d0) -> (d0)>, affine_map<(d0) -> (d0)>], iterator_types = ["parallel"]}
        ins(%x : tensor<4xi32>) outs(%empty : tensor<4xi32>) {
    ^bb0(%in: i32, %out: i32):
      %c-128 = arith.constant -128 : i32
      %c127 = arith.constant 127 : i32
      %r = tflrt.rescale %in, %m, %s <double> : i32, i8 -> i32
      %b = arith.maxsi %r, %c-128 : i32
      %c = arith.minsi %b, %c127 : i32
      linalg.yield %c : i32
    } -> tensor<4xi32>
    return %y : tensor<4xi32>
  }
}

// -----

// A sum of two rescaled bytes is two multiply-adds, proven for all pairs of bytes.
// CHECK-LABEL: @sum_of_bytes
// CHECK-NOT: tflrt.rescale
// CHECK: tflrt.float_sum
module attributes {tflc.target = {name = "x86-64-v3"}} {
  func.func @sum_of_bytes(%x: tensor<4xi8>, %z: tensor<4xi8>) -> tensor<4xi8> {
    %empty = tensor.empty() : tensor<4xi8>
    %y = linalg.generic {
        indexing_maps = [affine_map<(d0) -> (d0)>, affine_map<(d0) -> (d0)>, affine_map<(d0) -> (d0)>], iterator_types = ["parallel"]}
        ins(%x, %z : tensor<4xi8>, tensor<4xi8>) outs(%empty : tensor<4xi8>) {
    ^bb0(%a: i8, %b: i8, %out: i8):
      %c22 = arith.constant 22 : i32
      %c1 = arith.constant 1 : i32
      %c20 = arith.constant 20 : i32
      %m0 = arith.constant 1073741824 : i32
      %m1 = arith.constant 1770661574 : i32
      %m2 = arith.constant 1834476399 : i32
      %s0 = arith.constant 0 : i8
      %s1 = arith.constant -1 : i8
      %s2 = arith.constant -18 : i8
      %c-128 = arith.constant -128 : i32
      %c127 = arith.constant 127 : i32
      %0 = arith.extsi %a : i8 to i32
      %1 = arith.addi %0, %c22 : i32
      %2 = arith.shli %1, %c20 : i32
      %3 = tflrt.rescale %2, %m0, %s0 <double> : i32, i8 -> i32
      %4 = arith.extsi %b : i8 to i32
      %5 = arith.addi %4, %c1 : i32
      %6 = arith.shli %5, %c20 : i32
      %7 = tflrt.rescale %6, %m1, %s1 <double> : i32, i8 -> i32
      %8 = arith.addi %3, %7 : i32
      %9 = tflrt.rescale %8, %m2, %s2 <double> : i32, i8 -> i32
      %10 = arith.addi %9, %c-128 : i32
      %11 = arith.maxsi %10, %c-128 : i32
      %12 = arith.minsi %11, %c127 : i32
      %13 = arith.trunci %12 : i32 to i8
      linalg.yield %13 : i8
    } -> tensor<4xi8>
    return %y : tensor<4xi8>
  }
}

// -----

// A clamped result that is extended again needs no byte in between.
// CHECK-LABEL: @extended_again
// CHECK: tflrt.float_rescale
// CHECK: %[[CLAMPED:.*]] = arith.minsi
// CHECK-NEXT: arith.muli %[[CLAMPED]]
module attributes {tflc.target = {name = "x86-64-v3"}} {
  func.func @extended_again(%x: tensor<4xi32>) -> tensor<4xi32> {
    %m = arith.constant 1242405367 : i32
    %s = arith.constant -8 : i8
    %empty = tensor.empty() : tensor<4xi32>
    %y = linalg.generic {
        indexing_maps = [affine_map<(d0) -> (d0)>, affine_map<(d0) -> (d0)>], iterator_types = ["parallel"]}
        ins(%x : tensor<4xi32>) outs(%empty : tensor<4xi32>) {
    ^bb0(%in: i32, %out: i32):
      %c-128 = arith.constant -128 : i32
      %c127 = arith.constant 127 : i32
      %r = tflrt.rescale %in, %m, %s <double> : i32, i8 -> i32
      %b = arith.maxsi %r, %c-128 : i32
      %c = arith.minsi %b, %c127 : i32
      %t = arith.trunci %c : i32 to i8
      %e = arith.extsi %t : i8 to i32
      %p = arith.muli %e, %e : i32
      linalg.yield %p : i32
    } -> tensor<4xi32>
    return %y : tensor<4xi32>
  }
}

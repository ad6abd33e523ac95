// RUN: tflc-opt %s -split-input-file -tflc-unsigned-activations | FileCheck %s

// VPDPBUSD multiplies unsigned rows: they are kept as x + 128, which 128 times the sum of each column's weights takes back:
// 10 - 128 * (3 + 3 + 3 + 3) and 20 - 128 * (1 + 1 + 1 + 1).
// CHECK-LABEL: @constant_bias
// CHECK-SAME: %[[X:.*]]: tensor<5x4xi8>
// CHECK: %[[FLIPPED:.*]] = linalg.generic {{.*}} ins(%[[X]] : tensor<5x4xi8>)
// CHECK: arith.xori
// CHECK: %[[BIAS:.*]] = arith.constant dense<[-1526, -492]> : tensor<2xi32>
// CHECK: linalg.generic {{.*}} ins(%[[BIAS]] : tensor<2xi32>)
// CHECK: linalg.generic {{.*}} ins(%[[FLIPPED]], %{{.*}} : tensor<5x4xi8>, tensor<4x2xi8>)
// CHECK: arith.extui
// CHECK: arith.extsi
// CHECK-NOT: arith.subi
module attributes {tflc.target = {dot = "vnni512", vector_bits = 512 : i64}} {
  func.func @constant_bias(%x: tensor<5x4xi8>) -> tensor<5x2xi32> {
    %bias = arith.constant dense<[10, 20]> : tensor<2xi32>
    %weights = arith.constant dense<[[3, 1], [3, 1], [3, 1], [3, 1]]> : tensor<4x2xi8>
    %empty = tensor.empty() : tensor<5x2xi32>
    %start = linalg.generic {indexing_maps = [affine_map<(r, c) -> (c)>, affine_map<(r, c) -> (r, c)>], iterator_types = ["parallel", "parallel"]}
        ins(%bias : tensor<2xi32>) outs(%empty : tensor<5x2xi32>) {
    ^bb0(%b: i32, %out: i32):
      linalg.yield %b : i32
    } -> tensor<5x2xi32>
    %y = linalg.generic {
        indexing_maps = [affine_map<(r, c, k) -> (r, k)>, affine_map<(r, c, k) -> (k, c)>, affine_map<(r, c, k) -> (r, c)>],
        iterator_types = ["parallel", "parallel", "reduction"]}
        ins(%x, %weights : tensor<5x4xi8>, tensor<4x2xi8>) outs(%start : tensor<5x2xi32>) {
    ^bb0(%a: i8, %w: i8, %sum: i32):
      %l = arith.extsi %a : i8 to i32
      %r = arith.extsi %w : i8 to i32
      %p = arith.muli %l, %r : i32
      %s = arith.addi %sum, %p : i32
      linalg.yield %s : i32
    } -> tensor<5x2xi32>
    return %y : tensor<5x2xi32>
  }
}

// -----

// A bias that is only known at run time is corrected there.
// CHECK-LABEL: @bias_at_run_time
// CHECK: arith.constant dense<[1536, 512]> : tensor<2xi32>
// CHECK: arith.subi
module attributes {tflc.target = {dot = "vnni512", vector_bits = 512 : i64}} {
  func.func @bias_at_run_time(%x: tensor<5x4xi8>, %start: tensor<5x2xi32>) -> tensor<5x2xi32> {
    %weights = arith.constant dense<[[3, 1], [3, 1], [3, 1], [3, 1]]> : tensor<4x2xi8>
    %y = linalg.generic {
        indexing_maps = [affine_map<(r, c, k) -> (r, k)>, affine_map<(r, c, k) -> (k, c)>, affine_map<(r, c, k) -> (r, c)>],
        iterator_types = ["parallel", "parallel", "reduction"]}
        ins(%x, %weights : tensor<5x4xi8>, tensor<4x2xi8>) outs(%start : tensor<5x2xi32>) {
    ^bb0(%a: i8, %w: i8, %sum: i32):
      %l = arith.extsi %a : i8 to i32
      %r = arith.extsi %w : i8 to i32
      %p = arith.muli %l, %r : i32
      %s = arith.addi %sum, %p : i32
      linalg.yield %s : i32
    } -> tensor<5x2xi32>
    return %y : tensor<5x2xi32>
  }
}

// -----

// Weights that are data are summed up when the model runs; zero points may have done so already.
// CHECK-LABEL: @data
// CHECK: %[[SUMS:.*]] = linalg.generic {{.*}}iterator_types = ["parallel", "reduction"]} ins(%arg1
// CHECK-NOT: linalg.generic {{.*}}iterator_types = ["parallel", "reduction"]} ins(%arg1
// CHECK: linalg.generic {{.*}} ins(%arg2, %[[SUMS]]
// CHECK: %[[HALF:.*]] = arith.muli %{{.*}}, %c128_i32
// CHECK: arith.subi %{{.*}}, %[[HALF]]
// CHECK: arith.extui
// CHECK-NEXT: arith.extsi
module attributes {tflc.target = {dot = "vnni512", vector_bits = 512 : i64}} {
  func.func @data(%x: tensor<5x4xi8>, %w: tensor<2x4xi8>, %start: tensor<5x2xi32>) -> (tensor<5x2xi32>, tensor<2xi32>) {
    %zero = arith.constant 0 : i32
    %empty = tensor.empty() : tensor<2xi32>
    %none = linalg.fill ins(%zero : i32) outs(%empty : tensor<2xi32>) -> tensor<2xi32>
    %sums = linalg.generic {indexing_maps = [affine_map<(c, k) -> (c, k)>, affine_map<(c, k) -> (c)>], iterator_types = ["parallel", "reduction"]}
        ins(%w : tensor<2x4xi8>) outs(%none : tensor<2xi32>) {
    ^bb0(%b: i8, %sum: i32):
      %e = arith.extsi %b : i8 to i32
      %s = arith.addi %sum, %e : i32
      linalg.yield %s : i32
    } -> tensor<2xi32>
    %y = linalg.generic {
        indexing_maps = [affine_map<(r, c, k) -> (r, k)>, affine_map<(r, c, k) -> (c, k)>, affine_map<(r, c, k) -> (r, c)>],
        iterator_types = ["parallel", "parallel", "reduction"]}
        ins(%x, %w : tensor<5x4xi8>, tensor<2x4xi8>) outs(%start : tensor<5x2xi32>) {
    ^bb0(%a: i8, %b: i8, %sum: i32):
      %l = arith.extsi %a : i8 to i32
      %r = arith.extsi %b : i8 to i32
      %p = arith.muli %l, %r : i32
      %s = arith.addi %sum, %p : i32
      linalg.yield %s : i32
    } -> tensor<5x2xi32>
    return %y, %sums : tensor<5x2xi32>, tensor<2xi32>
  }
}

// -----

// The windows of a depthwise kernel, each channel with weights of its own: 10 - 128 * (3 + 3) and 20 - 128 * (1 + 2).
// CHECK-LABEL: @depthwise
// CHECK: arith.xori
// CHECK: arith.constant dense<[-758, -364]> : tensor<2xi32>
// CHECK: arith.extui
// CHECK-NEXT: arith.extsi
module attributes {tflc.target = {dot = "vnni512", vector_bits = 512 : i64}} {
  func.func @depthwise(%x: tensor<6x2xi8>) -> tensor<5x2xi32> {
    %bias = arith.constant dense<[10, 20]> : tensor<2xi32>
    %weights = arith.constant dense<[[3, 1], [3, 2]]> : tensor<2x2xi8>
    %empty = tensor.empty() : tensor<5x2xi32>
    %start = linalg.generic {indexing_maps = [affine_map<(r, c) -> (c)>, affine_map<(r, c) -> (r, c)>], iterator_types = ["parallel", "parallel"]}
        ins(%bias : tensor<2xi32>) outs(%empty : tensor<5x2xi32>) {
    ^bb0(%b: i32, %out: i32):
      linalg.yield %b : i32
    } -> tensor<5x2xi32>
    %y = linalg.generic {
        indexing_maps = [affine_map<(r, c, k) -> (r + k, c)>, affine_map<(r, c, k) -> (k, c)>, affine_map<(r, c, k) -> (r, c)>],
        iterator_types = ["parallel", "parallel", "reduction"]}
        ins(%x, %weights : tensor<6x2xi8>, tensor<2x2xi8>) outs(%start : tensor<5x2xi32>) {
    ^bb0(%a: i8, %w: i8, %sum: i32):
      %l = arith.extsi %a : i8 to i32
      %r = arith.extsi %w : i8 to i32
      %p = arith.muli %l, %r : i32
      %s = arith.addi %sum, %p : i32
      linalg.yield %s : i32
    } -> tensor<5x2xi32>
    return %y : tensor<5x2xi32>
  }
}

// RUN: tflc-opt %s -split-input-file -tflc-gather-windows | FileCheck %s

// Ten runs of four bytes become one of forty: the windows are copied, and the product reads them as rows.
// CHECK-DAG: #[[WINDOW:.*]] = affine_map<(d0, d1, d2, d3, d4) -> (d0 * 2 + d2, d1 * 2 + d3, d4)>
// CHECK-DAG: #[[ROWS:.*]] = affine_map<(d0, d1, d2, d3, d4, d5) -> (d0, d1, d3, d4, d5)>
// CHECK-LABEL: @ten_runs(
// CHECK-SAME: %[[X:.*]]: tensor<58x12x1xi8>
// CHECK: %[[EMPTY:.*]] = tensor.empty() : tensor<25x5x10x4x1xi8>
// CHECK: %[[COPY:.*]] = linalg.generic {indexing_maps = [#[[WINDOW]], #{{.*}}], {{.*}}} ins(%[[X]] : tensor<58x12x1xi8>) outs(%[[EMPTY]]
// CHECK: linalg.generic {indexing_maps = [#[[ROWS]], {{.*}} ins(%[[COPY]], %{{.*}} : tensor<25x5x10x4x1xi8>, tensor<64x10x4x1xi8>)
#image = affine_map<(d0, d1, d2, d3, d4, d5) -> (d0 * 2 + d3, d1 * 2 + d4, d5)>
#filter = affine_map<(d0, d1, d2, d3, d4, d5) -> (d2, d3, d4, d5)>
#result = affine_map<(d0, d1, d2, d3, d4, d5) -> (d0, d1, d2)>
module attributes {tflc.target = {name = "cortex-m55"}} {
  func.func @ten_runs(%x: tensor<58x12x1xi8>, %start: tensor<25x5x64xi32>) -> tensor<25x5x64xi32> {
    %w = arith.constant dense<1> : tensor<64x10x4x1xi8>
    %y = linalg.generic {indexing_maps = [#image, #filter, #result],
        iterator_types = ["parallel", "parallel", "parallel", "reduction", "reduction", "reduction"]}
        ins(%x, %w : tensor<58x12x1xi8>, tensor<64x10x4x1xi8>) outs(%start : tensor<25x5x64xi32>) {
    ^bb0(%a: i8, %b: i8, %s: i32):
      %a32 = arith.extsi %a : i8 to i32
      %b32 = arith.extsi %b : i8 to i32
      %p = arith.muli %a32, %b32 : i32
      %r = arith.addi %s, %p : i32
      linalg.yield %r : i32
    } -> tensor<25x5x64xi32>
    return %y : tensor<25x5x64xi32>
  }
}

// -----

// Three runs are written out one after the other.
// CHECK-LABEL: @three_runs
// CHECK-COUNT-1: linalg.generic
// CHECK-NOT: linalg.generic
#image = affine_map<(d0, d1, d2, d3, d4, d5) -> (d0 + d3, d1 + d4, d5)>
#filter = affine_map<(d0, d1, d2, d3, d4, d5) -> (d2, d3, d4, d5)>
#result = affine_map<(d0, d1, d2, d3, d4, d5) -> (d0, d1, d2)>
module attributes {tflc.target = {name = "cortex-m55"}} {
  func.func @three_runs(%x: tensor<34x34x3xi8>, %start: tensor<32x32x32xi32>) -> tensor<32x32x32xi32> {
    %w = arith.constant dense<1> : tensor<32x3x3x3xi8>
    %y = linalg.generic {indexing_maps = [#image, #filter, #result],
        iterator_types = ["parallel", "parallel", "parallel", "reduction", "reduction", "reduction"]}
        ins(%x, %w : tensor<34x34x3xi8>, tensor<32x3x3x3xi8>) outs(%start : tensor<32x32x32xi32>) {
    ^bb0(%a: i8, %b: i8, %s: i32):
      %a32 = arith.extsi %a : i8 to i32
      %b32 = arith.extsi %b : i8 to i32
      %p = arith.muli %a32, %b32 : i32
      %r = arith.addi %s, %p : i32
      linalg.yield %r : i32
    } -> tensor<32x32x32xi32>
    return %y : tensor<32x32x32xi32>
  }
}

// -----

// Eight columns do not repay copies of forty bytes.
// CHECK-LABEL: @few_columns
// CHECK-COUNT-1: linalg.generic
// CHECK-NOT: linalg.generic
#image = affine_map<(d0, d1, d2, d3, d4, d5) -> (d0 * 2 + d3, d1 * 2 + d4, d5)>
#filter = affine_map<(d0, d1, d2, d3, d4, d5) -> (d2, d3, d4, d5)>
#result = affine_map<(d0, d1, d2, d3, d4, d5) -> (d0, d1, d2)>
module attributes {tflc.target = {name = "cortex-m55"}} {
  func.func @few_columns(%x: tensor<58x12x1xi8>, %start: tensor<25x5x8xi32>) -> tensor<25x5x8xi32> {
    %w = arith.constant dense<1> : tensor<8x10x4x1xi8>
    %y = linalg.generic {indexing_maps = [#image, #filter, #result],
        iterator_types = ["parallel", "parallel", "parallel", "reduction", "reduction", "reduction"]}
        ins(%x, %w : tensor<58x12x1xi8>, tensor<8x10x4x1xi8>) outs(%start : tensor<25x5x8xi32>) {
    ^bb0(%a: i8, %b: i8, %s: i32):
      %a32 = arith.extsi %a : i8 to i32
      %b32 = arith.extsi %b : i8 to i32
      %p = arith.muli %a32, %b32 : i32
      %r = arith.addi %s, %p : i32
      linalg.yield %r : i32
    } -> tensor<25x5x8xi32>
    return %y : tensor<25x5x8xi32>
  }
}

// -----

// Machines that sum in lanes need no runs.
// CHECK-LABEL: @lanes
// CHECK-COUNT-1: linalg.generic
// CHECK-NOT: linalg.generic
#image = affine_map<(d0, d1, d2, d3, d4, d5) -> (d0 * 2 + d3, d1 * 2 + d4, d5)>
#filter = affine_map<(d0, d1, d2, d3, d4, d5) -> (d2, d3, d4, d5)>
#result = affine_map<(d0, d1, d2, d3, d4, d5) -> (d0, d1, d2)>
module attributes {tflc.target = {name = "x86-64-v4"}} {
  func.func @lanes(%x: tensor<58x12x1xi8>, %start: tensor<25x5x64xi32>) -> tensor<25x5x64xi32> {
    %w = arith.constant dense<1> : tensor<64x10x4x1xi8>
    %y = linalg.generic {indexing_maps = [#image, #filter, #result],
        iterator_types = ["parallel", "parallel", "parallel", "reduction", "reduction", "reduction"]}
        ins(%x, %w : tensor<58x12x1xi8>, tensor<64x10x4x1xi8>) outs(%start : tensor<25x5x64xi32>) {
    ^bb0(%a: i8, %b: i8, %s: i32):
      %a32 = arith.extsi %a : i8 to i32
      %b32 = arith.extsi %b : i8 to i32
      %p = arith.muli %a32, %b32 : i32
      %r = arith.addi %s, %p : i32
      linalg.yield %r : i32
    } -> tensor<25x5x64xi32>
    return %y : tensor<25x5x64xi32>
  }
}

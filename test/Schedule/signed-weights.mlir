// RUN: tflc-opt %s -split-input-file -tflc-signed-weights | FileCheck %s

// Weights become w - 128. What is left of the zero point, 130 - 128, is taken with the sum of the row.
// CHECK-LABEL: @dense
// CHECK-SAME: %[[X:.*]]: tensor<5x4xi8>, %[[START:.*]]: tensor<5x2xi32>
// CHECK: %[[SUMS:.*]] = linalg.generic {{.*}}iterator_types = ["parallel", "reduction"]} ins(%[[X]] : tensor<5x4xi8>) outs({{.*}} : tensor<5xi32>)
// CHECK: arith.extui
// CHECK-NEXT: arith.addi
// CHECK: %[[REST:.*]] = linalg.generic {{.*}} ins(%[[START]], %[[SUMS]] : tensor<5x2xi32>, tensor<5xi32>)
// CHECK: %[[TWO:.*]] = arith.constant 2 : i32
// CHECK: arith.muli %{{.*}}, %[[TWO]]
// CHECK: arith.subi
// CHECK: %[[W:.*]] = arith.constant dense<{{\[\[}}-128, 127], [-1, 0], [2, 3], [4, 5]]> : tensor<4x2xi8>
// CHECK: linalg.generic {{.*}} ins(%[[X]], %[[W]] : tensor<5x4xi8>, tensor<4x2xi8>) outs(%[[REST]] : tensor<5x2xi32>)
// CHECK: arith.extui
// CHECK-NEXT: arith.extsi
// CHECK-NEXT: arith.muli
module attributes {tflc.target = {dot = "vnni512", vector_bits = 512 : i64}} {
  func.func @dense(%x: tensor<5x4xi8>, %start: tensor<5x2xi32>) -> tensor<5x2xi32> {
    %zero = arith.constant 130 : i32
    %weights = arith.constant dense<[[0, 255], [127, 128], [130, 131], [132, 133]]> : tensor<4x2xi8>
    %y = linalg.generic {
        indexing_maps = [affine_map<(r, c, k) -> (r, k)>, affine_map<(r, c, k) -> (k, c)>, affine_map<(r, c, k) -> (r, c)>],
        iterator_types = ["parallel", "parallel", "reduction"]}
        ins(%x, %weights : tensor<5x4xi8>, tensor<4x2xi8>) outs(%start : tensor<5x2xi32>) {
    ^bb0(%a: i8, %w: i8, %sum: i32):
      %l = arith.extui %a : i8 to i32
      %e = arith.extui %w : i8 to i32
      %r = arith.subi %e, %zero : i32
      %p = arith.muli %l, %r : i32
      %s = arith.addi %sum, %p : i32
      linalg.yield %s : i32
    } -> tensor<5x2xi32>
    return %y : tensor<5x2xi32>
  }
}

// -----

// A window is summed up with its stride; its size is that of an operand which is not read.
// CHECK-DAG: #[[ROWS:.*]] = affine_map<(d0, d1, d2) -> (d0 * 2 + d1, d2)>
// CHECK-DAG: #[[WINDOW:.*]] = affine_map<(d0, d1, d2) -> (d1, d2)>
// CHECK-LABEL: @window
// CHECK: %[[SIZE:.*]] = tensor.empty() : tensor<3x3xi8>
// CHECK: linalg.generic {indexing_maps = [#[[ROWS]], #[[WINDOW]], {{.*}}], iterator_types = ["parallel", "reduction", "reduction"]} ins(%{{.*}}, %[[SIZE]]
module attributes {tflc.target = {dot = "maddwd", vector_bits = 256 : i64}} {
  func.func @window(%x: tensor<11x3xi8>, %start: tensor<5x2xi32>) -> tensor<5x2xi32> {
    %zero = arith.constant 120 : i32
    %weights = arith.constant dense<7> : tensor<2x3x3xi8>
    %y = linalg.generic {
        indexing_maps = [affine_map<(r, c, k, i) -> (r * 2 + k, i)>, affine_map<(r, c, k, i) -> (c, k, i)>,
                         affine_map<(r, c, k, i) -> (r, c)>],
        iterator_types = ["parallel", "parallel", "reduction", "reduction"]}
        ins(%x, %weights : tensor<11x3xi8>, tensor<2x3x3xi8>) outs(%start : tensor<5x2xi32>) {
    ^bb0(%a: i8, %w: i8, %sum: i32):
      %l = arith.extui %a : i8 to i32
      %e = arith.extui %w : i8 to i32
      %r = arith.subi %e, %zero : i32
      %p = arith.muli %l, %r : i32
      %s = arith.addi %sum, %p : i32
      linalg.yield %s : i32
    } -> tensor<5x2xi32>
    return %y : tensor<5x2xi32>
  }
}

// -----

// The weights of depthwise windows become two bytes each: 0 - 200 is -127 - 73, and 255 - 200 is 55 + 0.
// CHECK-LABEL: @depthwise
// CHECK: %[[W:.*]] = arith.constant dense<{{\[\[\[}}-127, 55], [0, -1]], {{\[\[}}-73, 0], [0, 0]]]> : tensor<2x2x2xi8>
// CHECK: linalg.generic {{.*}}iterator_types = ["parallel", "parallel", "reduction", "reduction"]} ins(%{{.*}}, %[[W]]
// CHECK-NOT: arith.subi
module attributes {tflc.target = {dot = "vnni512", vector_bits = 512 : i64}} {
  func.func @depthwise(%x: tensor<6x2xi8>, %start: tensor<5x2xi32>) -> tensor<5x2xi32> {
    %zero = arith.constant 200 : i32
    %weights = arith.constant dense<[[0, 255], [200, 199]]> : tensor<2x2xi8>
    %y = linalg.generic {
        indexing_maps = [affine_map<(r, c, k) -> (r + k, c)>, affine_map<(r, c, k) -> (k, c)>, affine_map<(r, c, k) -> (r, c)>],
        iterator_types = ["parallel", "parallel", "reduction"]}
        ins(%x, %weights : tensor<6x2xi8>, tensor<2x2xi8>) outs(%start : tensor<5x2xi32>) {
    ^bb0(%a: i8, %w: i8, %sum: i32):
      %l = arith.extui %a : i8 to i32
      %e = arith.extui %w : i8 to i32
      %r = arith.subi %e, %zero : i32
      %p = arith.muli %l, %r : i32
      %s = arith.addi %sum, %p : i32
      linalg.yield %s : i32
    } -> tensor<5x2xi32>
    return %y : tensor<5x2xi32>
  }
}

// -----

// Without products of four bytes they stay, and so do weights that are data.
// CHECK-LABEL: @stays
// CHECK-COUNT-2: arith.subi
module attributes {tflc.target = {dot = "maddwd", vector_bits = 256 : i64}} {
  func.func @stays(%x: tensor<6x2xi8>, %rows: tensor<5x2xi8>, %data: tensor<2x2xi8>, %start: tensor<5x2xi32>) -> (tensor<5x2xi32>, tensor<5x2xi32>) {
    %zero = arith.constant 200 : i32
    %weights = arith.constant dense<[[0, 255], [200, 199]]> : tensor<2x2xi8>
    %y = linalg.generic {
        indexing_maps = [affine_map<(r, c, k) -> (r + k, c)>, affine_map<(r, c, k) -> (k, c)>, affine_map<(r, c, k) -> (r, c)>],
        iterator_types = ["parallel", "parallel", "reduction"]}
        ins(%x, %weights : tensor<6x2xi8>, tensor<2x2xi8>) outs(%start : tensor<5x2xi32>) {
    ^bb0(%a: i8, %w: i8, %sum: i32):
      %l = arith.extui %a : i8 to i32
      %e = arith.extui %w : i8 to i32
      %r = arith.subi %e, %zero : i32
      %p = arith.muli %l, %r : i32
      %s = arith.addi %sum, %p : i32
      linalg.yield %s : i32
    } -> tensor<5x2xi32>
    %z = linalg.generic {
        indexing_maps = [affine_map<(r, c, k) -> (r, k)>, affine_map<(r, c, k) -> (k, c)>, affine_map<(r, c, k) -> (r, c)>],
        iterator_types = ["parallel", "parallel", "reduction"]}
        ins(%rows, %data : tensor<5x2xi8>, tensor<2x2xi8>) outs(%start : tensor<5x2xi32>) {
    ^bb0(%a: i8, %w: i8, %sum: i32):
      %l = arith.extui %a : i8 to i32
      %e = arith.extui %w : i8 to i32
      %r = arith.subi %e, %zero : i32
      %p = arith.muli %l, %r : i32
      %s = arith.addi %sum, %p : i32
      linalg.yield %s : i32
    } -> tensor<5x2xi32>
    return %y, %z : tensor<5x2xi32>, tensor<5x2xi32>
  }
}

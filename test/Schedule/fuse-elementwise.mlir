// RUN: tflc-opt %s --tflc-fuse-elementwise --split-input-file | FileCheck %s

#row = affine_map<(i, j, k) -> (i, k)>
#column = affine_map<(i, j, k) -> (k, j)>
#out = affine_map<(i, j, k) -> (i, j)>
#id2 = affine_map<(i, j) -> (i, j)>
#id3 = affine_map<(a, b, c) -> (a, b, c)>

// An elementwise op behind a reshape runs on the shape before it, so that it can become a contraction's epilogue.
// CHECK-LABEL: @reshape
// CHECK: %[[PRODUCT:.*]] = linalg.generic {{.*}}"reduction"]
// CHECK: %[[NEGATED:.*]] = linalg.generic {{.*}}["parallel", "parallel"]} ins(%[[PRODUCT]]
// CHECK: %[[RESULT:.*]] = tensor.expand_shape %[[NEGATED]]
// CHECK: return %[[RESULT]]
func.func @reshape(%x: tensor<4x8xf32>, %w: tensor<8x6xf32>, %acc: tensor<4x6xf32>) -> tensor<1x4x6xf32> {
  %p = linalg.generic {indexing_maps = [#row, #column, #out], iterator_types = ["parallel", "parallel", "reduction"]}
      ins(%x, %w : tensor<4x8xf32>, tensor<8x6xf32>) outs(%acc : tensor<4x6xf32>) {
  ^bb0(%a: f32, %b: f32, %c: f32):
    %m = arith.mulf %a, %b : f32
    %s = arith.addf %c, %m : f32
    linalg.yield %s : f32
  } -> tensor<4x6xf32>
  %e = tensor.expand_shape %p [[0, 1], [2]] output_shape [1, 4, 6] : tensor<4x6xf32> into tensor<1x4x6xf32>
  %o = tensor.empty() : tensor<1x4x6xf32>
  %r = linalg.generic {indexing_maps = [#id3, #id3], iterator_types = ["parallel", "parallel", "parallel"]}
      ins(%e : tensor<1x4x6xf32>) outs(%o : tensor<1x4x6xf32>) {
  ^bb0(%a: f32, %b: f32):
    %n = arith.negf %a : f32
    linalg.yield %n : f32
  } -> tensor<1x4x6xf32>
  return %r : tensor<1x4x6xf32>
}

// -----

#row = affine_map<(i, j, k) -> (i, k)>
#column = affine_map<(i, j, k) -> (k, j)>
#out = affine_map<(i, j, k) -> (i, j)>
#id2 = affine_map<(i, j) -> (i, j)>

// Two sums that are both rescaled and added: one epilogue takes the addition, the other sum is rescaled on its own, so
// that no accumulator goes to memory.
// CHECK-LABEL: @two_sums
// CHECK-COUNT-2: "reduction"]
// CHECK: linalg.generic {{.*}} ins(%{{[^,]*}} : tensor<4x6xi32>) outs(%{{.*}} : tensor<4x6xi8>)
// CHECK: linalg.generic {{.*}} ins(%{{.*}}, %{{.*}} : {{.*}}tensor<4x6xi8>{{.*}}) outs(%{{.*}} : tensor<4x6xi8>)
// CHECK-NOT: linalg.generic
// CHECK: return
func.func @two_sums(%x: tensor<4x8xi32>, %w: tensor<8x6xi32>, %v: tensor<8x6xi32>, %i: tensor<4x6xi32>, %j: tensor<4x6xi32>) -> tensor<4x6xi8> {
  %e = tensor.empty() : tensor<4x6xi8>
  %p = linalg.generic {indexing_maps = [#row, #column, #out], iterator_types = ["parallel", "parallel", "reduction"]}
      ins(%x, %w : tensor<4x8xi32>, tensor<8x6xi32>) outs(%i : tensor<4x6xi32>) {
  ^bb0(%a: i32, %b: i32, %c: i32):
    %m = arith.muli %a, %b : i32
    %s = arith.addi %c, %m : i32
    linalg.yield %s : i32
  } -> tensor<4x6xi32>
  %q = linalg.generic {indexing_maps = [#row, #column, #out], iterator_types = ["parallel", "parallel", "reduction"]}
      ins(%x, %v : tensor<4x8xi32>, tensor<8x6xi32>) outs(%j : tensor<4x6xi32>) {
  ^bb0(%a: i32, %b: i32, %c: i32):
    %m = arith.muli %a, %b : i32
    %s = arith.addi %c, %m : i32
    linalg.yield %s : i32
  } -> tensor<4x6xi32>
  %pt = linalg.generic {indexing_maps = [#id2, #id2], iterator_types = ["parallel", "parallel"]}
      ins(%p : tensor<4x6xi32>) outs(%e : tensor<4x6xi8>) {
  ^bb0(%a: i32, %b: i8):
    %t = arith.trunci %a : i32 to i8
    linalg.yield %t : i8
  } -> tensor<4x6xi8>
  %qt = linalg.generic {indexing_maps = [#id2, #id2], iterator_types = ["parallel", "parallel"]}
      ins(%q : tensor<4x6xi32>) outs(%e : tensor<4x6xi8>) {
  ^bb0(%a: i32, %b: i8):
    %t = arith.trunci %a : i32 to i8
    linalg.yield %t : i8
  } -> tensor<4x6xi8>
  %r = linalg.generic {indexing_maps = [#id2, #id2, #id2], iterator_types = ["parallel", "parallel"]}
      ins(%pt, %qt : tensor<4x6xi8>, tensor<4x6xi8>) outs(%e : tensor<4x6xi8>) {
  ^bb0(%a: i8, %b: i8, %c: i8):
    %s = arith.addi %a, %b : i8
    linalg.yield %s : i8
  } -> tensor<4x6xi8>
  return %r : tensor<4x6xi8>
}

// -----

#row = affine_map<(i, j, k) -> (i, k)>
#column = affine_map<(i, j, k) -> (k, j)>
#out = affine_map<(i, j, k) -> (i, j)>
#id2 = affine_map<(i, j) -> (i, j)>

// What reads by the index of a loop, as RESIZE_BILINEAR does, does not join a contraction's epilogue, which could
// have no form then; the sum of both is one.
// CHECK-LABEL: @indices
// CHECK: %[[MOVED:.*]] = linalg.generic
// CHECK: linalg.index
// CHECK: %[[PRODUCT:.*]] = linalg.generic {{.*}}"reduction"]
// CHECK: linalg.generic {{.*}} ins(%[[PRODUCT]], %[[MOVED]]
// CHECK: arith.negf
// CHECK: arith.addf
func.func @indices(%x: tensor<4x8xf32>, %w: tensor<8x6xf32>, %acc: tensor<4x6xf32>, %t: tensor<6x4xf32>) -> tensor<4x6xf32> {
  %o = tensor.empty() : tensor<4x6xf32>
  %moved = linalg.generic {indexing_maps = [#id2], iterator_types = ["parallel", "parallel"]} outs(%o : tensor<4x6xf32>) {
  ^bb0(%b: f32):
    %i = linalg.index 0 : index
    %j = linalg.index 1 : index
    %e = tensor.extract %t[%j, %i] : tensor<6x4xf32>
    linalg.yield %e : f32
  } -> tensor<4x6xf32>
  %p = linalg.generic {indexing_maps = [#row, #column, #out], iterator_types = ["parallel", "parallel", "reduction"]}
      ins(%x, %w : tensor<4x8xf32>, tensor<8x6xf32>) outs(%acc : tensor<4x6xf32>) {
  ^bb0(%a: f32, %b: f32, %c: f32):
    %m = arith.mulf %a, %b : f32
    %s = arith.addf %c, %m : f32
    linalg.yield %s : f32
  } -> tensor<4x6xf32>
  %negated = linalg.generic {indexing_maps = [#id2, #id2], iterator_types = ["parallel", "parallel"]}
      ins(%p : tensor<4x6xf32>) outs(%o : tensor<4x6xf32>) {
  ^bb0(%a: f32, %b: f32):
    %n = arith.negf %a : f32
    linalg.yield %n : f32
  } -> tensor<4x6xf32>
  %r = linalg.generic {indexing_maps = [#id2, #id2, #id2], iterator_types = ["parallel", "parallel"]}
      ins(%negated, %moved : tensor<4x6xf32>, tensor<4x6xf32>) outs(%o : tensor<4x6xf32>) {
  ^bb0(%a: f32, %b: f32, %c: f32):
    %n = arith.addf %a, %b : f32
    linalg.yield %n : f32
  } -> tensor<4x6xf32>
  return %r : tensor<4x6xf32>
}

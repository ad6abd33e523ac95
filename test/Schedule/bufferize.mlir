// RUN: tflc-opt %s --tflc-bufferize --cse --tflc-plan-arena | FileCheck %s

#id = affine_map<(n, h, w, c) -> (n, h, w, c)>
#in = affine_map<(n, h, w, oc, kh, kw, c) -> (n, h + kh, w + kw, c)>
#weights = affine_map<(n, h, w, oc, kh, kw, c) -> (oc, kh, kw, c)>
#out = affine_map<(n, h, w, oc, kh, kw, c) -> (n, h, w, oc)>

// The elementwise producer writes into the interior of the padded buffer, the last op into the output.
// CHECK: memref.global "private" constant
// CHECK-LABEL: func.func @main
// CHECK-SAME: (%[[X:.*]]: memref<1x8x8x4xi8> {tfl.name = "x"}, %[[Y:.*]]: memref<1x8x8x16xi32> {tfl.name = "y"}, %[[ARENA:.*]]: memref<400xi8>
// CHECK: %[[PADDED:.*]] = memref.view %[[ARENA]][%{{.*}}][] : memref<400xi8> to memref<1x10x10x4xi8>
// CHECK: linalg.fill ins(%{{.*}} : i8) outs(%[[PADDED]]
// CHECK: %[[INNER:.*]] = memref.subview %[[PADDED]]
// CHECK: linalg.generic {{.*}} ins(%[[X]] {{.*}} outs(%[[INNER]]
// CHECK: linalg.fill ins(%{{.*}} : i32) outs(%[[Y]]
// CHECK: linalg.generic {{.*}} ins(%[[PADDED]], %{{.*}} outs(%[[Y]]
// CHECK-NOT: memref.copy
// CHECK: return
func.func @main(%x: tensor<1x8x8x4xi8> {tfl.name = "x"}) -> (tensor<1x8x8x16xi32> {tfl.name = "y"}) attributes {tfl.signature = "serving_default"} {
  %w = arith.constant dense<3> : tensor<16x3x3x4xi8>
  %zero = arith.constant 0 : i32
  %zp = arith.constant -3 : i8
  %c1 = arith.constant 1 : i8
  %e = tensor.empty() : tensor<1x8x8x4xi8>
  %p = linalg.generic {indexing_maps = [#id, #id], iterator_types = ["parallel", "parallel", "parallel", "parallel"]}
      ins(%x : tensor<1x8x8x4xi8>) outs(%e : tensor<1x8x8x4xi8>) {
  ^bb0(%a: i8, %b: i8):
    %s = arith.addi %a, %c1 : i8
    linalg.yield %s : i8
  } -> tensor<1x8x8x4xi8>
  %padded = tensor.pad %p low[0, 1, 1, 0] high[0, 1, 1, 0] {
  ^bb0(%i: index, %j: index, %k: index, %l: index):
    tensor.yield %zp : i8
  } : tensor<1x8x8x4xi8> to tensor<1x10x10x4xi8>
  %e2 = tensor.empty() : tensor<1x8x8x16xi32>
  %init = linalg.fill ins(%zero : i32) outs(%e2 : tensor<1x8x8x16xi32>) -> tensor<1x8x8x16xi32>
  %acc = linalg.generic {indexing_maps = [#in, #weights, #out],
      iterator_types = ["parallel", "parallel", "parallel", "parallel", "reduction", "reduction", "reduction"]}
      ins(%padded, %w : tensor<1x10x10x4xi8>, tensor<16x3x3x4xi8>) outs(%init : tensor<1x8x8x16xi32>) {
  ^bb0(%a: i8, %b: i8, %c: i32):
    %ea = arith.extsi %a : i8 to i32
    %eb = arith.extsi %b : i8 to i32
    %m = arith.muli %ea, %eb : i32
    %s = arith.addi %c, %m : i32
    linalg.yield %s : i32
  } -> tensor<1x8x8x16xi32>
  return %acc : tensor<1x8x8x16xi32>
}


#in3 = affine_map<(i, k) -> (i, k)>
#out3 = affine_map<(i, k) -> (i)>

// Two sums that begin with the same fill get accumulators of their own, each filled just before its sum.
// CHECK-LABEL: func.func @sums
// CHECK: linalg.fill ins(%{{.*}} : f32) outs(%[[A:.*]] :
// CHECK-NEXT: linalg.generic {{.*}} outs(%[[A]]
// CHECK: linalg.fill ins(%{{.*}} : f32) outs(%[[B:.*]] :
// CHECK-NEXT: linalg.generic {{.*}} outs(%[[B]]
func.func @sums(%x: tensor<4x8xf32> {tfl.name = "x"}, %z: tensor<4x8xf32> {tfl.name = "z"}) -> (tensor<4xf32> {tfl.name = "y"}, tensor<4xf32> {tfl.name = "w"}) attributes {tfl.signature = "serving_default"} {
  %zero = arith.constant 0.0 : f32
  %e = tensor.empty() : tensor<4xf32>
  %init = linalg.fill ins(%zero : f32) outs(%e : tensor<4xf32>) -> tensor<4xf32>
  %a = linalg.generic {indexing_maps = [#in3, #out3], iterator_types = ["parallel", "reduction"]}
      ins(%x : tensor<4x8xf32>) outs(%init : tensor<4xf32>) {
  ^bb0(%p: f32, %q: f32):
    %s = arith.addf %p, %q : f32
    linalg.yield %s : f32
  } -> tensor<4xf32>
  %b = linalg.generic {indexing_maps = [#in3, #out3], iterator_types = ["parallel", "reduction"]}
      ins(%z : tensor<4x8xf32>) outs(%init : tensor<4xf32>) {
  ^bb0(%p: f32, %q: f32):
    %s = arith.addf %p, %q : f32
    linalg.yield %s : f32
  } -> tensor<4xf32>
  return %a, %b : tensor<4xf32>, tensor<4xf32>
}

// An output that turns out empty has no view; its shape is noted for who plans the arena.
// CHECK-LABEL: func.func @empty(
// CHECK-SAME: tflc.known_shape = array<i64: 0, 3>
// CHECK-NOT: memref.view
func.func @empty(%x: tensor<0x3xf32> {tfl.name = "x"}) -> (tensor<?x3xf32> {tfl.name = "y"}) attributes {tfl.signature = "empty"} {
  %e = tensor.empty() : tensor<0x3xf32>
  %y = tensor.cast %e : tensor<0x3xf32> to tensor<?x3xf32>
  return %y : tensor<?x3xf32>
}

// RUN: tflc-opt %s --tflc-fill-borders --split-input-file | FileCheck %s

// Padding is written around the interior, after it and before its first reader: the gaps between rows, what comes before
// the first and what follows the last.
// CHECK-LABEL: @pad
func.func @pad(%x: memref<1x8x8x4xi8>, %y: memref<1x10x10x4xi8>) {
  %zp = arith.constant -3 : i8
  // CHECK: %[[PADDED:.*]] = memref.alloc
  // CHECK-NEXT: %[[INNER:.*]] = memref.subview %[[PADDED]]
  // CHECK-NEXT: linalg.copy ins(%{{.*}}) outs(%[[X:.*]] :
  // CHECK: linalg.generic {{.*}} outs(%[[INNER]]
  // CHECK: %[[GAPS:.*]] = memref.reinterpret_cast %[[PADDED]] to offset: [76], sizes: [1, 7, 8], strides: [400, 40, 1]
  // CHECK-NEXT: linalg.fill ins(%{{.*}} : i8) outs(%[[GAPS]]
  // CHECK-NEXT: %[[HEAD:.*]] = memref.reinterpret_cast %[[PADDED]] to offset: [0], sizes: [44], strides: [1]
  // CHECK-NEXT: linalg.fill ins(%{{.*}} : i8) outs(%[[HEAD]]
  // CHECK-NEXT: %[[TAIL:.*]] = memref.reinterpret_cast %[[PADDED]] to offset: [356], sizes: [44], strides: [1]
  // CHECK-NEXT: linalg.fill ins(%{{.*}} : i8) outs(%[[TAIL]]
  // CHECK-NEXT: linalg.copy ins(%[[PADDED]]
  %p = memref.alloc() : memref<1x10x10x4xi8>
  linalg.fill ins(%zp : i8) outs(%p : memref<1x10x10x4xi8>)
  %i = memref.subview %p[0, 1, 1, 0] [1, 8, 8, 4] [1, 1, 1, 1] : memref<1x10x10x4xi8> to memref<1x8x8x4xi8, strided<[400, 40, 4, 1], offset: 44>>
  linalg.copy ins(%x : memref<1x8x8x4xi8>) outs(%x : memref<1x8x8x4xi8>)
  linalg.generic {indexing_maps = [affine_map<(a, b, c, d) -> (a, b, c, d)>, affine_map<(a, b, c, d) -> (a, b, c, d)>],
      iterator_types = ["parallel", "parallel", "parallel", "parallel"]}
      ins(%x : memref<1x8x8x4xi8>) outs(%i : memref<1x8x8x4xi8, strided<[400, 40, 4, 1], offset: 44>>) {
  ^bb0(%a: i8, %b: i8):
    linalg.yield %a : i8
  }
  linalg.copy ins(%p : memref<1x10x10x4xi8>) outs(%y : memref<1x10x10x4xi8>)
  return
}

// -----

// Two ops write the interior side by side, as for a concatenation.
// CHECK-LABEL: @join
// CHECK-NOT: linalg.fill
// CHECK-COUNT-2: linalg.generic
// CHECK: %[[TAIL:.*]] = memref.reinterpret_cast %{{.*}} to offset: [6], sizes: [2], strides: [1]
// CHECK-NEXT: linalg.fill ins(%{{.*}} : f32) outs(%[[TAIL]]
// CHECK-NOT: linalg.fill
// CHECK: linalg.copy
func.func @join(%x: memref<3xf32>, %y: memref<8xf32>) {
  %zero = arith.constant 0.0 : f32
  %p = memref.alloc() : memref<8xf32>
  linalg.fill ins(%zero : f32) outs(%p : memref<8xf32>)
  %l = memref.subview %p[0] [3] [1] : memref<8xf32> to memref<3xf32, strided<[1]>>
  %r = memref.subview %p[3] [3] [1] : memref<8xf32> to memref<3xf32, strided<[1], offset: 3>>
  linalg.generic {indexing_maps = [affine_map<(a) -> (a)>, affine_map<(a) -> (a)>], iterator_types = ["parallel"]}
      ins(%x : memref<3xf32>) outs(%l : memref<3xf32, strided<[1]>>) {
  ^bb0(%a: f32, %b: f32):
    linalg.yield %a : f32
  }
  linalg.generic {indexing_maps = [affine_map<(a) -> (a)>, affine_map<(a) -> (a)>], iterator_types = ["parallel"]}
      ins(%x : memref<3xf32>) outs(%r : memref<3xf32, strided<[1], offset: 3>>) {
  ^bb0(%a: f32, %b: f32):
    linalg.yield %a : f32
  }
  linalg.copy ins(%p : memref<8xf32>) outs(%y : memref<8xf32>)
  return
}

// -----

// The fill stays where the interior is added to, not overwritten.
// CHECK-LABEL: @accumulate
// CHECK: linalg.fill ins(%{{.*}} : f32) outs(%{{.*}} : memref<8xf32>)
// CHECK: linalg.generic
func.func @accumulate(%x: memref<3xf32>, %y: memref<8xf32>) {
  %zero = arith.constant 0.0 : f32
  %p = memref.alloc() : memref<8xf32>
  linalg.fill ins(%zero : f32) outs(%p : memref<8xf32>)
  %l = memref.subview %p[1] [3] [1] : memref<8xf32> to memref<3xf32, strided<[1], offset: 1>>
  linalg.generic {indexing_maps = [affine_map<(a) -> (a)>, affine_map<(a) -> (a)>], iterator_types = ["parallel"]}
      ins(%x : memref<3xf32>) outs(%l : memref<3xf32, strided<[1], offset: 1>>) {
  ^bb0(%a: f32, %b: f32):
    %s = arith.addf %a, %b : f32
    linalg.yield %s : f32
  }
  linalg.copy ins(%p : memref<8xf32>) outs(%y : memref<8xf32>)
  return
}

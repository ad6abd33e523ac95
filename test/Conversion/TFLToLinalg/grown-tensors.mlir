// RUN: tflc-opt %s -split-input-file -tfl-to-linalg | FileCheck %s

// A loop carries the place of a tensor that grows, as large as the largest one, and the size.
// CHECK-LABEL: func.func @bounded
// CHECK: %[[PLACE:.*]] = bufferization.alloc_tensor() : tensor<12xf32>
// CHECK: %[[FIRST:.*]] = tensor.insert_slice %arg0 into %[[PLACE]][0] [4] [1]
// CHECK: %[[R:.*]]:2 = scf.for %{{.*}} iter_args(%[[P:.*]] = %[[FIRST]], %[[N:.*]] = %c4{{.*}}) -> (tensor<12xf32>, index)
// CHECK:   %[[SIZE:.*]] = arith.minui %[[N]], %c12
// CHECK:   tensor.extract_slice %[[P]][0] [%[[SIZE]]] [1]
// CHECK:   tensor.insert_slice %{{.*}} into %{{.*}}[0] [%{{.*}}] [1]
// CHECK:   scf.yield %{{.*}}, %{{.*}} : tensor<12xf32>, index
// CHECK-NOT: tflrt.guard
// CHECK: %[[LAST:.*]] = tensor.extract_slice %[[R]]#0[0] [12] [1] : tensor<12xf32> to tensor<12xf32>
// CHECK: return %[[LAST]]
func.func @bounded(%x: tensor<4xf32>, %row: tensor<4xf32>) -> tensor<12xf32> {
  %y = tfl.repeat 2, %x {
  ^bb0(%i: tensor<i32>, %a: tensor<?xf32>):
    %b = tfl.concatenation %a, %row {axis = 0 : i32, fused_activation_function = "NONE"} : (tensor<?xf32>, tensor<4xf32>) -> tensor<?xf32>
    tfl.yield %b : tensor<?xf32>
  } {last = [array<i64: 12>], most = [array<i64: 12>]} : (tensor<4xf32>) -> tensor<12xf32>
  return %y : tensor<12xf32>
}

// -----

// Where nothing bounds it, the arena does.
// CHECK-LABEL: func.func @unbounded
// CHECK: %[[ROOM:.*]] = tflrt.room f32
// CHECK: bufferization.alloc_tensor(%[[ROOM]])
// CHECK: scf.for %{{.*}} iter_args(%{{.*}}, %{{.*}}) -> (tensor<?xf32>, index)
// CHECK:   %[[LARGER:.*]] = arith.cmpi ugt, %{{.*}}, %[[ROOM]]
// CHECK:   %[[STATUS:.*]] = arith.select %[[LARGER]], %c5_i32
// CHECK:   tflrt.guard %[[STATUS]]
func.func @unbounded(%x: tensor<?xf32>) -> tensor<?xf32> {
  %r = tfl.repeat 3, %x {
  ^bb0(%i: tensor<i32>, %a: tensor<?xf32>):
    %two = tfl.const dense<2> : tensor<1xi32> -> tensor<1xi32>
    %t = tfl.tile %a, %two : (tensor<?xf32>, tensor<1xi32>) -> tensor<?xf32>
    tfl.yield %t : tensor<?xf32>
  } : (tensor<?xf32>) -> tensor<?xf32>
  return %r : tensor<?xf32>
}

// -----

// A block of a branch decides how large the result is: both write it to one place.
// CHECK-LABEL: func.func @branch
// CHECK: %[[ROOM:.*]] = tflrt.room f32
// CHECK: %[[PLACE:.*]] = bufferization.alloc_tensor(%[[ROOM]])
// CHECK: scf.if %{{.*}} -> (tensor<?xf32>, index)
// CHECK:   scf.for
// CHECK:   scf.yield %{{.*}}, %{{.*}} : tensor<?xf32>, index
// CHECK:   scf.yield %{{.*}}, %{{.*}} : tensor<?xf32>, index
// CHECK: } else {
// CHECK:   tensor.insert_slice %{{.*}} into %{{.*}}[0] [4] [1]
// CHECK:   scf.yield %{{.*}}, %c4 : tensor<?xf32>, index
// CHECK: tensor.extract_slice
func.func @branch(%c: tensor<i1>, %x: tensor<4xf32>, %n: tensor<1xi32>) -> tensor<?xf32> {
  %r = tfl.branch %c {
    %twice = tfl.repeat 3, %x {
    ^bb0(%i: tensor<i32>, %a: tensor<?xf32>):
      %t = tfl.tile %a, %n : (tensor<?xf32>, tensor<1xi32>) -> tensor<?xf32>
      tfl.yield %t : tensor<?xf32>
    } : (tensor<4xf32>) -> tensor<?xf32>
    tfl.yield %twice : tensor<?xf32>
  }, {
    %y = tfl.neg %x : (tensor<4xf32>) -> tensor<?xf32>
    tfl.yield %y : tensor<?xf32>
  } : (tensor<i1>) -> tensor<?xf32>
  return %r : tensor<?xf32>
}

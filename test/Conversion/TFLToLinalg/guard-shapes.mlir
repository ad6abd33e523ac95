// Sizes that show at run time must agree, or the invocation ends.
// RUN: tflc-opt %s -split-input-file -tfl-to-linalg | FileCheck %s

// Equal by construction.
// CHECK-LABEL: @same
// CHECK-NOT: tflrt.guard
func.func @same(%x: tensor<?x3xf32>) -> tensor<?x3xf32> {
  %0 = tfl.neg %x : (tensor<?x3xf32>) -> tensor<?x3xf32>
  %1 = tfl.sub %0, %x : (tensor<?x3xf32>, tensor<?x3xf32>) -> tensor<?x3xf32>
  return %1 : tensor<?x3xf32>
}

// -----

// CHECK-LABEL: @different
// CHECK: %[[DIFFERS:.*]] = arith.cmpi ne
// CHECK: arith.select %[[DIFFERS]], %c3_i32
// CHECK: tflrt.guard
// CHECK: linalg.generic
func.func @different(%x: tensor<?xf32>, %y: tensor<?xf32>) -> tensor<?xf32> {
  %0 = tfl.sub %x, %y : (tensor<?xf32>, tensor<?xf32>) -> tensor<?xf32>
  return %0 : tensor<?xf32>
}

// -----

// The elements of a fed shape are counted without overflow.
// CHECK-LABEL: @reshape
// CHECK-COUNT-2: arith.minui
// CHECK: tflrt.guard
// CHECK: tensor.expand_shape
func.func @reshape(%x: tensor<12xf32>, %s: tensor<2xi32>) -> tensor<?x?xf32> {
  %0 = tfl.reshape %x, %s : (tensor<12xf32>, tensor<2xi32>) -> tensor<?x?xf32>
  return %0 : tensor<?x?xf32>
}

// -----

// A block of a branch is guarded as the function around it is.
// CHECK-LABEL: @branch
// CHECK: scf.if
// CHECK: tflrt.guard
// CHECK: linalg.generic
// CHECK: } else {
// CHECK-NOT: tflrt.guard
// CHECK: return
func.func @branch(%c: tensor<i1>, %x: tensor<?xf32>, %y: tensor<?xf32>) -> tensor<?xf32> {
  %r = tfl.branch %c {
    %0 = tfl.sub %x, %y : (tensor<?xf32>, tensor<?xf32>) -> tensor<?xf32>
    tfl.yield %0 : tensor<?xf32>
  }, {
    %0 = tfl.neg %x : (tensor<?xf32>) -> tensor<?xf32>
    tfl.yield %0 : tensor<?xf32>
  } : (tensor<i1>) -> tensor<?xf32>
  return %r : tensor<?xf32>
}

// -----

// CHECK-LABEL: @keeps
// CHECK-NOT: tflrt.guard
// CHECK: return
func.func @keeps(%x: tensor<?xf32>) -> tensor<?xf32> {
  %r = tfl.repeat 3, %x {
  ^bb0(%i: tensor<i32>, %a: tensor<?xf32>):
    %b = tfl.neg %a : (tensor<?xf32>) -> tensor<?xf32>
    tfl.yield %b : tensor<?xf32>
  } : (tensor<?xf32>) -> tensor<?xf32>
  return %r : tensor<?xf32>
}

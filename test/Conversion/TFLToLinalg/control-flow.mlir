// RUN: tflc-opt %s -split-input-file -tfl-to-linalg -canonicalize | FileCheck %s

// CHECK-LABEL: func.func @if
// CHECK: %[[STORED:.*]] = tensor.extract %arg0[%{{.*}}] : tensor<1xi8>
// CHECK: %[[C:.*]] = arith.cmpi ne, %[[STORED]]
// CHECK: %[[R:.*]] = scf.if %[[C]] -> (tensor<4xi8>) {
// CHECK:   linalg.generic
// CHECK:   scf.yield
// CHECK: } else {
// CHECK:   scf.yield %arg1 : tensor<4xi8>
// CHECK: return %[[R]]
func.func @if(%c: tensor<1xi1>, %x: tensor<4x!quant.uniform<i8:f32, 0.5>>) -> tensor<4x!quant.uniform<i8:f32, 0.5>> {
  %y = tfl.branch %c {
    %n = tfl.relu %x : (tensor<4x!quant.uniform<i8:f32, 0.5>>) -> tensor<4x!quant.uniform<i8:f32, 0.5>>
    tfl.yield %n : tensor<4x!quant.uniform<i8:f32, 0.5>>
  }, {
    tfl.yield %x : tensor<4x!quant.uniform<i8:f32, 0.5>>
  } : (tensor<1xi1>) -> tensor<4x!quant.uniform<i8:f32, 0.5>>
  return %y : tensor<4x!quant.uniform<i8:f32, 0.5>>
}

// -----

// The last block is the one for numbers out of range.
// CHECK-LABEL: func.func @case
// CHECK: scf.index_switch %{{.*}} -> tensor<4xf32>
// CHECK: case 0 {
// CHECK-NEXT: scf.yield %arg1
// CHECK: case 1 {
// CHECK-NEXT: scf.yield %arg2
// CHECK: default {
// CHECK-NEXT: scf.yield %arg3
func.func @case(%i: tensor<i32>, %x: tensor<4xf32>, %y: tensor<4xf32>, %z: tensor<4xf32>) -> tensor<4xf32> {
  %r = tfl.branch %i {
    tfl.yield %x : tensor<4xf32>
  }, {
    tfl.yield %y : tensor<4xf32>
  }, {
    tfl.yield %z : tensor<4xf32>
  } : (tensor<i32>) -> tensor<4xf32>
  return %r : tensor<4xf32>
}

// -----

// CHECK-LABEL: func.func @loop
// CHECK: scf.while (%[[A:.*]] = %arg0, %[[B:.*]] = %arg1)
// CHECK: scf.condition(%{{.*}}) %[[A]], %[[B]]
// CHECK: } do {
// CHECK: ^bb0(%{{.*}}: tensor<i32>, %{{.*}}: tensor<4xi8>):
// CHECK: scf.yield %{{.*}}, %{{.*}} : tensor<i32>, tensor<4xi8>
func.func @loop(%i: tensor<i32>, %x: tensor<4xi1>) -> (tensor<i32>, tensor<4xi1>) {
  %one = tfl.const dense<1> : tensor<i32> -> tensor<i32>
  %limit = tfl.const dense<9> : tensor<i32> -> tensor<i32>
  %r:2 = tfl.loop %i, %x {
  ^bb0(%a: tensor<i32>, %b: tensor<4xi1>):
    %c = tfl.less %a, %limit : (tensor<i32>, tensor<i32>) -> tensor<i1>
    tfl.yield %c : tensor<i1>
  } do {
  ^bb0(%a: tensor<i32>, %b: tensor<4xi1>):
    %n = tfl.add %a, %one {fused_activation_function = "NONE"} : (tensor<i32>, tensor<i32>) -> tensor<i32>
    %m = tfl.logical_not %b : (tensor<4xi1>) -> tensor<4xi1>
    tfl.yield %n, %m : tensor<i32>, tensor<4xi1>
  } : (tensor<i32>, tensor<4xi1>) -> (tensor<i32>, tensor<4xi1>)
  return %r#0, %r#1 : tensor<i32>, tensor<4xi1>
}

// -----

// A row for each iteration is a view, and known to be inside.
// CHECK-LABEL: func.func @repeat
// CHECK: scf.for %[[I:.*]] = %c0 to %c28 step %c1 iter_args(%[[S:.*]] = %arg1)
// CHECK-NOT: tflrt.guard
// CHECK: tensor.extract_slice %arg0[%{{.*}}, 0] [1, 4] [1, 1] : tensor<28x4xf32> to tensor<4xf32>
// CHECK: scf.yield %{{.*}} : tensor<4xf32>
func.func @repeat(%x: tensor<28x4xf32>, %s: tensor<4xf32>) -> tensor<4xf32> {
  %y = tfl.repeat 28, %s {
  ^bb0(%i: tensor<i32>, %a: tensor<4xf32>):
    %r = tfl.gather %x, %i : (tensor<28x4xf32>, tensor<i32>) -> tensor<4xf32>
    %b = tfl.add %a, %r {fused_activation_function = "NONE"} : (tensor<4xf32>, tensor<4xf32>) -> tensor<4xf32>
    tfl.yield %b : tensor<4xf32>
  } : (tensor<4xf32>) -> tensor<4xf32>
  return %y : tensor<4xf32>
}

// -----

// What a loop carries keeps its shape; where only data tell, an invocation with another one ends.
// CHECK-LABEL: func.func @checked
// CHECK: scf.for
// CHECK:   %[[OTHER:.*]] = arith.cmpi ne, %{{.*}}, %{{.*}} : index
// CHECK:   tflrt.guard
// CHECK:   %[[CAST:.*]] = tensor.cast %{{.*}} : tensor<?xf32> to tensor<4xf32>
// CHECK:   scf.yield %[[CAST]] : tensor<4xf32>
func.func @checked(%n: tensor<1xi32>, %x: tensor<4xf32>) -> tensor<4xf32> {
  %r = tfl.repeat 3, %x {
  ^bb0(%i: tensor<i32>, %a: tensor<4xf32>):
    %zero = tfl.const dense<0> : tensor<1xi32> -> tensor<1xi32>
    %s = tfl.slice %a, %zero, %n : (tensor<4xf32>, tensor<1xi32>, tensor<1xi32>) -> tensor<?xf32>
    tfl.yield %s : tensor<?xf32>
  } : (tensor<4xf32>) -> tensor<4xf32>
  return %r : tensor<4xf32>
}

// -----

// A condition of unknown shape has one element, or the invocation ends.
// CHECK-LABEL: func.func @if_unknown
// CHECK: %[[SIZE:.*]] = tensor.dim %arg0
// CHECK: arith.cmpi ne, %[[SIZE]], %c1
// CHECK: %[[C:.*]] = tflrt.guard %{{.*}}, %arg0
// CHECK: tensor.extract %[[C]][%c0]
// CHECK: arith.select %{{.*}}, %arg1, %arg2
func.func @if_unknown(%c: tensor<?xi1>, %x: tensor<4xf32>, %y: tensor<4xf32>) -> tensor<4xf32> {
  %r = tfl.branch %c {
    tfl.yield %x : tensor<4xf32>
  }, {
    tfl.yield %y : tensor<4xf32>
  } : (tensor<?xi1>) -> tensor<4xf32>
  return %r : tensor<4xf32>
}

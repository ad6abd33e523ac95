// RUN: tflc-opt %s -split-input-file -tfl-inline-control-flow | FileCheck %s

// Two callers of one subgraph get its operators each. Nobody else reaches it, so that it vanishes.
// CHECK-LABEL: func.func @several_callers
// CHECK-SAME: %[[C:.*]]: tensor<i1>, %[[X:.*]]: tensor<4xf32>
// CHECK: %[[Y:.*]] = tfl.branch %[[C]] {
// CHECK-NEXT: %[[A:.*]] = tfl.neg %[[X]]
// CHECK-NEXT: tfl.yield %[[A]]
// CHECK-NEXT: }, {
// CHECK-NEXT: %[[B:.*]] = tfl.abs %[[X]]
// CHECK-NEXT: tfl.yield %[[B]]
// CHECK-NEXT: } : (tensor<i1>) -> tensor<4xf32>
// CHECK: tfl.branch %[[C]] {
// CHECK-NEXT: tfl.neg %[[Y]]
// CHECK-NOT: func.func
func.func @several_callers(%c: tensor<i1>, %x: tensor<4xf32>) -> tensor<4xf32> {
  %y = tfl.if %c, %x {then_subgraph = @neg, else_subgraph = @abs} : (tensor<i1>, tensor<4xf32>) -> tensor<4xf32>
  %z = tfl.if %c, %y {then_subgraph = @neg, else_subgraph = @neg} : (tensor<i1>, tensor<4xf32>) -> tensor<4xf32>
  return %z : tensor<4xf32>
}
func.func private @neg(%x: tensor<4xf32>) -> tensor<4xf32> {
  %y = tfl.neg %x : (tensor<4xf32>) -> tensor<4xf32>
  return %y : tensor<4xf32>
}
func.func private @abs(%x: tensor<4xf32>) -> tensor<4xf32> {
  %y = tfl.abs %x : (tensor<4xf32>) -> tensor<4xf32>
  return %y : tensor<4xf32>
}

// -----

// A subgraph that callers of the model reach stays.
// CHECK-LABEL: func.func @case
// CHECK: tfl.branch %arg0 {
// CHECK: }, {
// CHECK: }, {
// CHECK-LABEL: func.func @one
func.func @case(%i: tensor<i32>, %x: tensor<4xf32>) -> tensor<4xf32> {
  %y = tfl.stablehlo_case %i, %x {branch_subgraphs = [@one, @one, @one]} : (tensor<i32>, tensor<4xf32>) -> tensor<4xf32>
  return %y : tensor<4xf32>
}
func.func @one(%x: tensor<4xf32>) -> tensor<4xf32> {
  return %x : tensor<4xf32>
}

// -----

// What a body gives back as it is, is no longer carried; also where a loop in the loop does so.
// CHECK-LABEL: func.func @loops
// CHECK-SAME: %[[I:.*]]: tensor<i32>, %[[W:.*]]: tensor<i32>
// CHECK: %[[R:.*]] = tfl.loop %[[I]] {
// CHECK-NEXT: ^bb0(%[[A:.*]]: tensor<i32>):
// CHECK-NEXT: %[[C:.*]] = tfl.less %[[A]], %[[W]]
// CHECK-NEXT: tfl.yield %[[C]]
// CHECK-NEXT: } do {
// CHECK-NEXT: ^bb0(%[[B:.*]]: tensor<i32>):
// CHECK-NEXT: %[[INNER:.*]] = tfl.loop %[[B]] {
// CHECK: } do {
// CHECK: tfl.add %{{.*}}, %[[W]]
// CHECK: }
// CHECK-NEXT: tfl.yield %[[INNER]]
// CHECK: return %[[R]], %[[W]]
func.func @loops(%i: tensor<i32>, %w: tensor<i32>) -> (tensor<i32>, tensor<i32>) {
  %r:2 = tfl.while %i, %w {cond_subgraph = @less, body_subgraph = @outer} : (tensor<i32>, tensor<i32>) -> (tensor<i32>, tensor<i32>)
  return %r#0, %r#1 : tensor<i32>, tensor<i32>
}
func.func private @outer(%i: tensor<i32>, %w: tensor<i32>) -> (tensor<i32>, tensor<i32>) {
  %r:2 = tfl.stablehlo_while %i, %w {cond_subgraph = @less, body_subgraph = @inner} : (tensor<i32>, tensor<i32>) -> (tensor<i32>, tensor<i32>)
  return %r#0, %r#1 : tensor<i32>, tensor<i32>
}
func.func private @inner(%i: tensor<i32>, %w: tensor<i32>) -> (tensor<i32>, tensor<i32>) {
  %n = tfl.add %i, %w {fused_activation_function = "NONE"} : (tensor<i32>, tensor<i32>) -> tensor<i32>
  return %n, %w : tensor<i32>, tensor<i32>
}
func.func private @less(%i: tensor<i32>, %w: tensor<i32>) -> tensor<i1> {
  %c = tfl.less %i, %w : (tensor<i32>, tensor<i32>) -> tensor<i1>
  return %c : tensor<i1>
}

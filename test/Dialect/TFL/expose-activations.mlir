// RUN: tflc-opt %s -tfl-expose-activations | FileCheck %s

// Arguments first, then results in program order; no integers and no constants.
// CHECK-LABEL: func.func @main
// CHECK-SAME: -> (tensor<2xf32> {tfl.name = "y"}, tensor<2xf32>, tensor<2xf32>, tensor<2xf32>)
func.func @main(%x: tensor<2xf32>, %n: tensor<2xi32>) -> (tensor<2xf32> {tfl.name = "y"}) {
  %c = tfl.const dense<1.0> : tensor<2xf32> -> tensor<2xf32>
  // CHECK: %[[A:.*]] = tfl.add
  // CHECK: %[[E:.*]] = tfl.exp
  // CHECK: return %[[E]], %arg0, %[[A]], %[[E]]
  %0 = tfl.add %x, %c : (tensor<2xf32>, tensor<2xf32>) -> tensor<2xf32>
  %1 = tfl.exp %0 : (tensor<2xf32>) -> tensor<2xf32>
  return %1 : tensor<2xf32>
}

// Of subgraphs the extremes are exposed; a branch that does not run gives those of nothing.
// CHECK-LABEL: func.func @branch
// CHECK: %[[R:.*]]:7 = tfl.if %arg0, %arg1 {else_subgraph = @[[E:.*]], then_subgraph = @[[T:.*]]} : (tensor<i1>, tensor<2xf32>) -> (tensor<2xf32>, tensor<f32>, tensor<f32>, tensor<f32>, tensor<f32>, tensor<f32>, tensor<f32>)
// CHECK: return %[[R]]#0, %arg1, %[[R]]#0, %[[R]]#1, %[[R]]#2, %[[R]]#3, %[[R]]#4, %[[R]]#5, %[[R]]#6
func.func @branch(%c: tensor<i1>, %x: tensor<2xf32>) -> tensor<2xf32> {
  %0 = tfl.if %c, %x {then_subgraph = @twice, else_subgraph = @body} : (tensor<i1>, tensor<2xf32>) -> tensor<2xf32>
  return %0 : tensor<2xf32>
}
// CHECK-NOT: @twice(
// CHECK-NOT: @more(
func.func private @twice(%x: tensor<2xf32>) -> tensor<2xf32> {
  %0 = tfl.add %x, %x : (tensor<2xf32>, tensor<2xf32>) -> tensor<2xf32>
  return %0 : tensor<2xf32>
}

// A loop carries them; the condition hands them on.
// CHECK-LABEL: func.func @loop
// CHECK: tfl.while %arg0, %{{.*}}, %{{.*}}, %{{.*}}, %{{.*}} {body_subgraph = @[[B:.*]], cond_subgraph = @[[C:.*]]}
func.func @loop(%x: tensor<2xf32>) -> tensor<2xf32> {
  %0 = tfl.while %x {cond_subgraph = @more, body_subgraph = @twice} : (tensor<2xf32>) -> tensor<2xf32>
  return %0 : tensor<2xf32>
}
func.func private @more(%x: tensor<2xf32>) -> tensor<i1> {
  %c = tfl.const dense<true> : tensor<i1> -> tensor<i1>
  return %c : tensor<i1>
}

// Nobody calls a private function from outside; one that was run is replaced.
// CHECK-LABEL: func.func private @alone(%arg0: tensor<2xf32>) -> tensor<2xf32>
func.func private @alone(%x: tensor<2xf32>) -> tensor<2xf32> {
  return %x : tensor<2xf32>
}
func.func private @body(%x: tensor<2xf32>) -> tensor<2xf32> {
  return %x : tensor<2xf32>
}

// CHECK: func.func private @[[T]](
// CHECK: %[[S:.*]] = tfl.add
// CHECK: %[[MIN:.*]] = tfl.reduce_min %[[S]]
// CHECK: %[[MAX:.*]] = tfl.reduce_max %[[S]]
// CHECK: return %[[S]], %{{.*}}, %{{.*}}, %[[MIN]], %[[MAX]], %{{.*}}, %{{.*}} :
// CHECK: func.func private @[[E]](
// CHECK: func.func private @[[B]](%arg0: tensor<2xf32>, %[[LEAST:.*]]: tensor<f32>, %[[LARGEST:.*]]: tensor<f32>, %arg3: tensor<f32>, %arg4: tensor<f32>)
// CHECK: tfl.minimum %[[LEAST]]
// CHECK: tfl.maximum %[[LARGEST]]
// CHECK: func.func private @[[C]](%arg0: tensor<2xf32>, %arg1: tensor<f32>, %arg2: tensor<f32>, %arg3: tensor<f32>, %arg4: tensor<f32>)

// RUN: tflc-opt %s -tfl-lift-call-once | FileCheck %s

// CHECK-LABEL: func.func @main
// CHECK-NEXT: return
func.func @main(%x: tensor<2xf32>) -> tensor<2xf32> {
  tfl.call_once {init_subgraph = @init} : () -> ()
  return %x : tensor<2xf32>
}

// Two signatures share one initialization.
// CHECK-LABEL: func.func @other
// CHECK-NEXT: return
func.func @other(%x: tensor<2xf32>) -> tensor<2xf32> {
  tfl.call_once {init_subgraph = @init} : () -> ()
  return %x : tensor<2xf32>
}

// CHECK-NOT: @init
// CHECK: func.func private @tflc.reset()
// CHECK: tfl.assign_variable
// CHECK-NOT: tfl.assign_variable
func.func private @init() {
  %h = tfl.var_handle {container = "", shared_name = "v"} : () -> tensor<!tfl.resource>
  %c = tfl.const dense<1.0> : tensor<2xf32> -> tensor<2xf32>
  tfl.assign_variable %h, %c : (tensor<!tfl.resource>, tensor<2xf32>) -> ()
  return
}

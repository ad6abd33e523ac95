// RUN: tflc-opt %s -tfl-to-linalg -canonicalize -split-input-file | FileCheck %s

// The input's products of all steps come ahead of the loop; the body multiplies the state by the stacked recurrent weights.
// CHECK: tflrt.variable @main.0 : tensor<1x2xf32>
// CHECK: tflrt.variable @main.1 : tensor<1x2xf32>
// CHECK-LABEL: func.func @lstm(
// CHECK-SAME: %[[X:.*]]: tensor<1x4x3xf32>
func.func @lstm(%x: tensor<1x4x3xf32>) -> tensor<1x4x2xf32> {
  // CHECK-DAG: %[[R:.*]] = arith.constant dense<{{.*}}> : tensor<8x2xf32>
  // CHECK-DAG: %[[W:.*]] = arith.constant dense<{{.*}}> : tensor<8x3xf32>
  // CHECK-DAG: %[[H0:.*]] = tflrt.read_variable @main.0
  // CHECK-DAG: %[[C0:.*]] = tflrt.read_variable @main.1
  // CHECK: %[[ROWS:.*]] = tensor.collapse_shape %[[X]]
  // CHECK: linalg.generic {{.*}}"reduction"{{.*}} ins(%[[ROWS]], %[[W]] : tensor<4x3xf32>, tensor<8x3xf32>)
  // CHECK: %[[LOOP:.*]]:3 = scf.for {{.*}} iter_args(%{{.*}} = %{{.*}}, %[[H:.*]] = %[[H0]], %[[C:.*]] = %[[C0]])
  // CHECK: linalg.generic {{.*}}"reduction"{{.*}} ins(%[[H]], %[[R]] : tensor<1x2xf32>, tensor<8x2xf32>)
  // CHECK: %[[NEXT:.*]] = linalg.generic {{.*}} outs(%[[C]] : tensor<1x2xf32>)
  // CHECK: math.tanh
  // CHECK: %[[OUT:.*]] = linalg.generic {{.*}} outs(%[[H]] : tensor<1x2xf32>)
  // CHECK: tensor.insert_slice %[[OUT]]
  // CHECK: tflrt.assign_variable @main.0, %[[LOOP]]#1
  // CHECK: tflrt.assign_variable @main.1, %[[LOOP]]#2
  %none = tfl.no_value : none
  %h = tfl.variable_tensor {variable = "main.0"} : () -> tensor<1x2xf32>
  %c = tfl.variable_tensor {variable = "main.1"} : () -> tensor<1x2xf32>
  %w = tfl.const dense<[[1.0, 2.0, 3.0], [4.0, 5.0, 6.0]]> : tensor<2x3xf32> -> tensor<2x3xf32>
  %r = tfl.const dense<[[1.0, 2.0], [4.0, 5.0]]> : tensor<2x2xf32> -> tensor<2x2xf32>
  %b = tfl.const dense<1.0> : tensor<2xf32> -> tensor<2xf32>
  %y = tfl.unidirectional_sequence_lstm %x, %w, %w, %w, %w, %r, %r, %r, %r, %none, %none, %none, %b, %b, %b, %b,
      %none, %none, %h, %c {fused_activation_function = "TANH"}
      : (tensor<1x4x3xf32>, tensor<2x3xf32>, tensor<2x3xf32>, tensor<2x3xf32>, tensor<2x3xf32>, tensor<2x2xf32>,
         tensor<2x2xf32>, tensor<2x2xf32>, tensor<2x2xf32>, none, none, none, tensor<2xf32>, tensor<2xf32>, tensor<2xf32>,
         tensor<2xf32>, none, none, tensor<1x2xf32>, tensor<1x2xf32>) -> tensor<1x4x2xf32>
  return %y : tensor<1x4x2xf32>
}

// -----

// What stands in a variable tensor is read and replaced where operators do so; bytes begin at their zero point.
// CHECK: tflrt.variable @main.0 : tensor<2xi8> = dense<-3> : tensor<2xi8>
// CHECK-LABEL: func.func @load_store(
// CHECK-SAME: %[[X:.*]]: tensor<2xi8>
func.func @load_store(%x: tensor<2x!quant.uniform<i8:f32, 0.5:-3>>) -> tensor<2x!quant.uniform<i8:f32, 0.5:-3>> {
  // CHECK: %[[OLD:.*]] = tflrt.read_variable @main.0
  // CHECK: tflrt.assign_variable @main.0, %[[X]]
  // CHECK: return %[[OLD]]
  %v = tfl.variable_tensor {variable = "main.0"} : () -> tensor<2x!quant.uniform<i8:f32, 0.5:-3>>
  %old = tfl.load_variable_tensor %v
      : (tensor<2x!quant.uniform<i8:f32, 0.5:-3>>) -> tensor<2x!quant.uniform<i8:f32, 0.5:-3>>
  tfl.store_variable_tensor %v, %x
      : (tensor<2x!quant.uniform<i8:f32, 0.5:-3>>, tensor<2x!quant.uniform<i8:f32, 0.5:-3>>) -> ()
  return %old : tensor<2x!quant.uniform<i8:f32, 0.5:-3>>
}

// RUN: tflc-opt %s -tf-drop-debugging | FileCheck %s

// CHECK-LABEL: func.func @assert
// CHECK-NEXT: return %arg1
func.func @assert(%c: tensor<i1>, %x: tensor<2xf32>) -> tensor<2xf32> {
  tf.Assert %c, %x : (tensor<i1>, tensor<2xf32>) -> ()
  %0:2 = tf.IdentityN %x, %c : (tensor<2xf32>, tensor<i1>) -> (tensor<2xf32>, tensor<i1>)
  return %0#0 : tensor<2xf32>
}

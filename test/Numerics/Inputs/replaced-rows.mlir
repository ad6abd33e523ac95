// How TensorFlow sets an element of a list in a loop: the rows before it, the new one, and the rows behind. Only data tell
// how many rows a slice has. `stride` is how far the loop goes on: with 1 together they are as many as before, with another
// number the list changes its length.
func.func @main(%x: tensor<5x3xf32> {tfl.name = "x"}, %stride: tensor<i32> {tfl.name = "stride"}) -> (tensor<?x3xf32> {tfl.name = "y"}) attributes {tfl.signature = "serving_default"} {
  %zero = tfl.const dense<0> : tensor<i32> -> tensor<i32>
  %r:3 = tfl.while %zero, %stride, %x {cond_subgraph = @less, body_subgraph = @step} : (tensor<i32>, tensor<i32>, tensor<5x3xf32>) -> (tensor<i32>, tensor<i32>, tensor<?x3xf32>)
  return %r#2 : tensor<?x3xf32>
}
func.func private @less(%i: tensor<i32>, %stride: tensor<i32>, %x: tensor<5x3xf32>) -> tensor<i1> {
  %limit = tfl.const dense<4> : tensor<i32> -> tensor<i32>
  %c = tfl.less %i, %limit : (tensor<i32>, tensor<i32>) -> tensor<i1>
  return %c : tensor<i1>
}
func.func private @step(%i: tensor<i32>, %stride: tensor<i32>, %x: tensor<5x3xf32>) -> (tensor<i32>, tensor<i32>, tensor<5x3xf32>) {
  %next = tfl.add %i, %stride {fused_activation_function = "NONE"} : (tensor<i32>, tensor<i32>) -> tensor<i32>
  %one = tfl.const dense<1> : tensor<1xi32> -> tensor<1xi32>
  %all = tfl.const dense<-1> : tensor<1xi32> -> tensor<1xi32>
  %origin = tfl.const dense<0> : tensor<2xi32> -> tensor<2xi32>
  %whole = tfl.const dense<-1> : tensor<2xi32> -> tensor<2xi32>
  %zero = tfl.const dense<0> : tensor<1xi32> -> tensor<1xi32>
  %number = tfl.reshape %i, %one : (tensor<i32>, tensor<1xi32>) -> tensor<1xi32>
  %sizes = tfl.concatenation %number, %all {axis = 0 : i32, fused_activation_function = "NONE"} : (tensor<1xi32>, tensor<1xi32>) -> tensor<2xi32>
  %before = tfl.slice %x, %origin, %sizes : (tensor<5x3xf32>, tensor<2xi32>, tensor<2xi32>) -> tensor<?x?xf32>
  %end = tfl.reshape %next, %one : (tensor<i32>, tensor<1xi32>) -> tensor<1xi32>
  %begin = tfl.concatenation %end, %zero {axis = 0 : i32, fused_activation_function = "NONE"} : (tensor<1xi32>, tensor<1xi32>) -> tensor<2xi32>
  %behind = tfl.slice %x, %begin, %whole : (tensor<5x3xf32>, tensor<2xi32>, tensor<2xi32>) -> tensor<?x3xf32>
  %row = tfl.const dense<[[10.0, 20.0, 30.0]]> : tensor<1x3xf32> -> tensor<1x3xf32>
  %y = tfl.concatenation %before, %row, %behind {axis = 0 : i32, fused_activation_function = "NONE"} : (tensor<?x?xf32>, tensor<1x3xf32>, tensor<?x3xf32>) -> tensor<5x3xf32>
  return %next, %stride, %y : tensor<i32>, tensor<i32>, tensor<5x3xf32>
}

// Sizes that only the caller knows, in the blocks of branches and loops; open-branches.test runs it.
func.func @choose(%c: tensor<i1> {tfl.name = "c"}, %x: tensor<?x3xf32> {tfl.name = "x"}, %y: tensor<?x3xf32> {tfl.name = "y"}) -> (tensor<?x3xf32> {tfl.name = "z"}) attributes {tfl.signature = "choose"} {
  %z = tfl.if %c, %x, %y {then_subgraph = @difference, else_subgraph = @twice} : (tensor<i1>, tensor<?x3xf32>, tensor<?x3xf32>) -> tensor<?x3xf32>
  return %z : tensor<?x3xf32>
}
func.func @repeat(%n: tensor<i32> {tfl.name = "n"}, %a: tensor<?x3xf32> {tfl.name = "a"}) -> (tensor<i32> {tfl.name = "m"}, tensor<?x3xf32> {tfl.name = "b"}) attributes {tfl.signature = "repeat"} {
  %m, %b = tfl.while %n, %a {cond_subgraph = @is_negative, body_subgraph = @double} : (tensor<i32>, tensor<?x3xf32>) -> (tensor<i32>, tensor<?x3xf32>)
  return %m, %b : tensor<i32>, tensor<?x3xf32>
}
func.func private @difference(%x: tensor<?x3xf32>, %y: tensor<?x3xf32>) -> tensor<?x3xf32> {
  %z = tfl.sub %x, %y : (tensor<?x3xf32>, tensor<?x3xf32>) -> tensor<?x3xf32>
  return %z : tensor<?x3xf32>
}
func.func private @twice(%x: tensor<?x3xf32>, %y: tensor<?x3xf32>) -> tensor<?x3xf32> {
  %m = tfl.const dense<[2, 1]> : tensor<2xi32> -> tensor<2xi32>
  %z = tfl.tile %x, %m : (tensor<?x3xf32>, tensor<2xi32>) -> tensor<?x3xf32>
  return %z : tensor<?x3xf32>
}
func.func private @is_negative(%n: tensor<i32>, %a: tensor<?x3xf32>) -> tensor<i1> {
  %zero = tfl.const dense<0> : tensor<i32> -> tensor<i32>
  %c = tfl.less %n, %zero : (tensor<i32>, tensor<i32>) -> tensor<i1>
  return %c : tensor<i1>
}
func.func private @double(%n: tensor<i32>, %a: tensor<?x3xf32>) -> (tensor<i32>, tensor<?x3xf32>) {
  %one = tfl.const dense<1> : tensor<i32> -> tensor<i32>
  %m = tfl.add %n, %one {fused_activation_function = "NONE"} : (tensor<i32>, tensor<i32>) -> tensor<i32>
  %b = tfl.add %a, %a {fused_activation_function = "NONE"} : (tensor<?x3xf32>, tensor<?x3xf32>) -> tensor<?x3xf32>
  return %m, %b : tensor<i32>, tensor<?x3xf32>
}

// A size that data decide inside of a branch, and of a branch in a branch.
func.func @main(%c: tensor<i1> {tfl.name = "c"}, %d: tensor<i1> {tfl.name = "d"}, %x: tensor<4xi1> {tfl.name = "x"}) -> (tensor<?x1xi64> {tfl.name = "y"}) attributes {tfl.signature = "main"} {
  %y = tfl.if %c, %d, %x {then_subgraph = @inner, else_subgraph = @clear} : (tensor<i1>, tensor<i1>, tensor<4xi1>) -> tensor<?x1xi64>
  return %y : tensor<?x1xi64>
}
func.func private @inner(%d: tensor<i1>, %x: tensor<4xi1>) -> tensor<?x1xi64> {
  %y = tfl.if %d, %x {then_subgraph = @set, else_subgraph = @two} : (tensor<i1>, tensor<4xi1>) -> tensor<?x1xi64>
  return %y : tensor<?x1xi64>
}
func.func private @set(%x: tensor<4xi1>) -> tensor<?x1xi64> {
  %y = tfl.where %x : (tensor<4xi1>) -> tensor<?x1xi64>
  return %y : tensor<?x1xi64>
}
func.func private @two(%x: tensor<4xi1>) -> tensor<?x1xi64> {
  %z = tfl.where %x : (tensor<4xi1>) -> tensor<?x1xi64>
  %y = tfl.concatenation %z, %z {axis = 0 : i32, fused_activation_function = "NONE"} : (tensor<?x1xi64>, tensor<?x1xi64>) -> tensor<?x1xi64>
  return %y : tensor<?x1xi64>
}
func.func private @clear(%d: tensor<i1>, %x: tensor<4xi1>) -> tensor<?x1xi64> {
  %n = tfl.logical_not %x : (tensor<4xi1>) -> tensor<4xi1>
  %y = tfl.where %n : (tensor<4xi1>) -> tensor<?x1xi64>
  return %y : tensor<?x1xi64>
}

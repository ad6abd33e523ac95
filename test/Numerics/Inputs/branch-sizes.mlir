// A size that data decide inside of a branch.
func.func @main(%c: tensor<i1> {tfl.name = "c"}, %x: tensor<4xi1> {tfl.name = "x"}) -> (tensor<?x1xi64> {tfl.name = "y"}) attributes {tfl.signature = "main"} {
  %y = tfl.if %c, %x {then_subgraph = @set, else_subgraph = @clear} : (tensor<i1>, tensor<4xi1>) -> tensor<?x1xi64>
  return %y : tensor<?x1xi64>
}
func.func private @set(%x: tensor<4xi1>) -> tensor<?x1xi64> {
  %y = tfl.where %x : (tensor<4xi1>) -> tensor<?x1xi64>
  return %y : tensor<?x1xi64>
}
func.func private @clear(%x: tensor<4xi1>) -> tensor<?x1xi64> {
  %n = tfl.logical_not %x : (tensor<4xi1>) -> tensor<4xi1>
  %y = tfl.where %n : (tensor<4xi1>) -> tensor<?x1xi64>
  return %y : tensor<?x1xi64>
}

// Two operators without a rule for integers, and one with.
func.func @main(%x: tensor<1x4xf32> {tfl.name = "x"}) -> (tensor<1x4xf32> {tfl.name = "y"}) attributes {tfl.signature = "serving_default"} {
  %0 = tfl.sin %x : (tensor<1x4xf32>) -> tensor<1x4xf32>
  %1 = tfl.abs %0 : (tensor<1x4xf32>) -> tensor<1x4xf32>
  %2 = tfl.sin %1 : (tensor<1x4xf32>) -> tensor<1x4xf32>
  %3 = tfl.abs %2 : (tensor<1x4xf32>) -> tensor<1x4xf32>
  return %3 : tensor<1x4xf32>
}

// Functions of floats, one of which takes double precision.
module {
  func.func @main(%x: tensor<4xf32> {tfl.name = "x"}, %y: tensor<4xf32> {tfl.name = "y"})
      -> (tensor<4xf32> {tfl.name = "power"}, tensor<4xf32> {tfl.name = "out"}) {
    %0 = tfl.pow %x, %y : (tensor<4xf32>, tensor<4xf32>) -> tensor<4xf32>
    %1 = tfl.exp %0 : (tensor<4xf32>) -> tensor<4xf32>
    return %0, %1 : tensor<4xf32>, tensor<4xf32>
  }
}

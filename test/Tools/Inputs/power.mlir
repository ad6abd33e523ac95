// Functions of floats of which two take double precision, one needs no arithmetic, and one has no elements.
module {
  func.func @main(%x: tensor<4xf32> {tfl.name = "x"}, %y: tensor<4xf32> {tfl.name = "y"},
                  %e: tensor<0xf32> {tfl.name = "e"})
      -> (tensor<4xf32> {tfl.name = "power"}, tensor<4xf32> {tfl.name = "exp"}, tensor<4xi64> {tfl.name = "cast"},
          tensor<4xf32> {tfl.name = "neg"}, tensor<0xf32> {tfl.name = "none"}) {
    %0 = tfl.pow %x, %y : (tensor<4xf32>, tensor<4xf32>) -> tensor<4xf32>
    %1 = tfl.exp %0 : (tensor<4xf32>) -> tensor<4xf32>
    %2 = tfl.cast %x : (tensor<4xf32>) -> tensor<4xi64>
    %3 = tfl.neg %x : (tensor<4xf32>) -> tensor<4xf32>
    %4 = tfl.exp %e : (tensor<0xf32>) -> tensor<0xf32>
    return %0, %1, %2, %3, %4 : tensor<4xf32>, tensor<4xf32>, tensor<4xi64>, tensor<4xf32>, tensor<0xf32>
  }
}

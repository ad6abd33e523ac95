// Functions of floats that a libm would have.
module {
  func.func @main(%x: tensor<4096xf32> {tfl.name = "x"}, %y: tensor<4096xf32> {tfl.name = "y"})
      -> (tensor<4096xf32> {tfl.name = "sin"}, tensor<4096xf32> {tfl.name = "cos"}, tensor<4096xf32> {tfl.name = "pow"},
          tensor<4096xf32> {tfl.name = "floor_mod"}, tensor<4096xf32> {tfl.name = "atan2"},
          tensor<4096xf32> {tfl.name = "gelu"}, tensor<4096xf32> {tfl.name = "log"},
          tensor<4096xf32> {tfl.name = "elu"}, tensor<4096xf32> {tfl.name = "exp"}, tensor<4096xf32> {tfl.name = "tanh"},
          tensor<4096xf32> {tfl.name = "logistic"}, tensor<4096xf32> {tfl.name = "hard_swish"}) {
    %0 = tfl.sin %x : (tensor<4096xf32>) -> tensor<4096xf32>
    %1 = tfl.cos %x : (tensor<4096xf32>) -> tensor<4096xf32>
    %2 = tfl.pow %x, %y : (tensor<4096xf32>, tensor<4096xf32>) -> tensor<4096xf32>
    %3 = tfl.floor_mod %x, %y : (tensor<4096xf32>, tensor<4096xf32>) -> tensor<4096xf32>
    %4 = tfl.atan2 %x, %y : (tensor<4096xf32>, tensor<4096xf32>) -> tensor<4096xf32>
    %5 = tfl.gelu %x {approximate = false} : (tensor<4096xf32>) -> tensor<4096xf32>
    %6 = tfl.log %x : (tensor<4096xf32>) -> tensor<4096xf32>
    %7 = tfl.elu %x : (tensor<4096xf32>) -> tensor<4096xf32>
    %8 = tfl.exp %x : (tensor<4096xf32>) -> tensor<4096xf32>
    %9 = tfl.tanh %x : (tensor<4096xf32>) -> tensor<4096xf32>
    %10 = tfl.logistic %x : (tensor<4096xf32>) -> tensor<4096xf32>
    %11 = tfl.hard_swish %x : (tensor<4096xf32>) -> tensor<4096xf32>
    return %0, %1, %2, %3, %4, %5, %6, %7, %8, %9, %10, %11 : tensor<4096xf32>, tensor<4096xf32>, tensor<4096xf32>, tensor<4096xf32>, tensor<4096xf32>, tensor<4096xf32>, tensor<4096xf32>, tensor<4096xf32>,
           tensor<4096xf32>, tensor<4096xf32>, tensor<4096xf32>, tensor<4096xf32>
  }
}

// Rows of a table picked by indices from the data, and integers divided by others.
module {
  func.func @main(%x: tensor<4x3xf32> {tfl.name = "table"}, %i: tensor<2xi32> {tfl.name = "rows"},
                  %a: tensor<5xi32> {tfl.name = "dividend"}, %b: tensor<5xi32> {tfl.name = "divisor"})
      -> (tensor<2x3xf32> {tfl.name = "picked"}, tensor<5xi32> {tfl.name = "quotient"}) {
    %0 = tfl.gather %x, %i : (tensor<4x3xf32>, tensor<2xi32>) -> tensor<2x3xf32>
    %1 = tfl.div %a, %b {fused_activation_function = "NONE"} : (tensor<5xi32>, tensor<5xi32>) -> tensor<5xi32>
    return %0, %1 : tensor<2x3xf32>, tensor<5xi32>
  }
}

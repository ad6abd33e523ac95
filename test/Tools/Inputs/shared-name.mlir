// Both signatures have an input "x": one of three columns, one of any number of rows.
module {
  func.func @fixed(%x: tensor<1x3xf32> {tfl.name = "fixed_x", tfl.signature_name = "x"}) -> (tensor<3xf32> {tfl.name = "fixed_y", tfl.signature_name = "y"})
      attributes {tfl.signature = "fixed"} {
    %shape = tfl.const dense<3> : tensor<1xi32> -> tensor<1xi32>
    %y = tfl.reshape %x, %shape : (tensor<1x3xf32>, tensor<1xi32>) -> tensor<3xf32>
    return %y : tensor<3xf32>
  }
  func.func @open(%x: tensor<?x5xf32> {tfl.name = "open_x", tfl.signature_name = "x"}) -> (tensor<?x5xf32> {tfl.name = "open_y", tfl.signature_name = "y"})
      attributes {tfl.signature = "open"} {
    %y = tfl.neg %x : (tensor<?x5xf32>) -> tensor<?x5xf32>
    return %y : tensor<?x5xf32>
  }
}

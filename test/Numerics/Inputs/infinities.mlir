// Arithmetic whose results may leave the range of float32.
module attributes {tfl.version = 3 : i32} {
  func.func @main(%x: tensor<8xf32> {tfl.name = "x", tfl.signature_name = "x"}, %y: tensor<8xf32> {tfl.name = "y", tfl.signature_name = "y"})
      -> (tensor<8xf32> {tfl.name = "add", tfl.signature_name = "add"}, tensor<8xf32> {tfl.name = "sub", tfl.signature_name = "sub"},
          tensor<8xf32> {tfl.name = "mul", tfl.signature_name = "mul"}, tensor<8xf32> {tfl.name = "div", tfl.signature_name = "div"},
          tensor<8xf32> {tfl.name = "relu", tfl.signature_name = "relu"}, tensor<8xf32> {tfl.name = "add_n", tfl.signature_name = "add_n"})
      attributes {tfl.signature = "serving_default"} {
    %add = tfl.add %x, %y {fused_activation_function = "NONE"} : (tensor<8xf32>, tensor<8xf32>) -> tensor<8xf32>
    %sub = tfl.sub %x, %y {fused_activation_function = "NONE"} : (tensor<8xf32>, tensor<8xf32>) -> tensor<8xf32>
    %mul = tfl.mul %x, %y {fused_activation_function = "NONE"} : (tensor<8xf32>, tensor<8xf32>) -> tensor<8xf32>
    %div = tfl.div %x, %y {fused_activation_function = "NONE"} : (tensor<8xf32>, tensor<8xf32>) -> tensor<8xf32>
    %relu = tfl.add %x, %y {fused_activation_function = "RELU"} : (tensor<8xf32>, tensor<8xf32>) -> tensor<8xf32>
    %add_n = tfl.add_n %x, %x, %y : (tensor<8xf32>, tensor<8xf32>, tensor<8xf32>) -> tensor<8xf32>
    return %add, %sub, %mul, %div, %relu, %add_n
      : tensor<8xf32>, tensor<8xf32>, tensor<8xf32>, tensor<8xf32>, tensor<8xf32>, tensor<8xf32>
  }
}

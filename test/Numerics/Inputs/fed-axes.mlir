// Operators whose axes are fed.
module {
  func.func @mean(%x: tensor<2x3x4xf32> {tfl.name = "mean_x"}, %a: tensor<2xi32> {tfl.name = "mean_axes"})
      -> (tensor<?x?x?xf32> {tfl.name = "mean"}) attributes {tfl.signature = "mean"} {
    %y = tfl.mean %x, %a {keep_dims = true} : (tensor<2x3x4xf32>, tensor<2xi32>) -> tensor<?x?x?xf32>
    return %y : tensor<?x?x?xf32>
  }
  func.func @largest(%x: tensor<2x3x4x2xi32> {tfl.name = "largest_x"}, %a: tensor<2xi32> {tfl.name = "largest_axes"})
      -> (tensor<?x?xi32> {tfl.name = "largest"}) attributes {tfl.signature = "largest"} {
    %y = tfl.reduce_max %x, %a {keep_dims = false} : (tensor<2x3x4x2xi32>, tensor<2xi32>) -> tensor<?x?xi32>
    return %y : tensor<?x?xi32>
  }
  func.func @least(%x: tensor<4x5x3xf32> {tfl.name = "least_x"}, %a: tensor<i32> {tfl.name = "least_axis"})
      -> (tensor<?x?xi32> {tfl.name = "least"}) attributes {tfl.signature = "least"} {
    %y = tfl.arg_min %x, %a {output_type = "INT32"} : (tensor<4x5x3xf32>, tensor<i32>) -> tensor<?x?xi32>
    return %y : tensor<?x?xi32>
  }
  func.func @sums(%x: tensor<2x3x4xi32> {tfl.name = "sums_x"}, %a: tensor<i32> {tfl.name = "sums_axis"})
      -> (tensor<2x3x4xi32> {tfl.name = "forwards"}, tensor<2x3x4xi32> {tfl.name = "backwards"}) attributes {tfl.signature = "sums"} {
    %y = tfl.cumsum %x, %a {exclusive = false, reverse = false} : (tensor<2x3x4xi32>, tensor<i32>) -> tensor<2x3x4xi32>
    %z = tfl.cumsum %x, %a {exclusive = true, reverse = true} : (tensor<2x3x4xi32>, tensor<i32>) -> tensor<2x3x4xi32>
    return %y, %z : tensor<2x3x4xi32>, tensor<2x3x4xi32>
  }
  func.func @reverse(%x: tensor<2x3x4xi8> {tfl.name = "reverse_x"}, %a: tensor<2xi32> {tfl.name = "reverse_axes"})
      -> (tensor<2x3x4xi8> {tfl.name = "reversed"}) attributes {tfl.signature = "reverse"} {
    %y = tfl.reverse_v2 %x, %a : (tensor<2x3x4xi8>, tensor<2xi32>) -> tensor<2x3x4xi8>
    return %y : tensor<2x3x4xi8>
  }
  func.func @expand(%x: tensor<3x2xf32> {tfl.name = "expand_x"}, %a: tensor<i64> {tfl.name = "expand_axis"})
      -> (tensor<?x?x?xf32> {tfl.name = "expanded"}) attributes {tfl.signature = "expand"} {
    %y = tfl.expand_dims %x, %a : (tensor<3x2xf32>, tensor<i64>) -> tensor<?x?x?xf32>
    return %y : tensor<?x?x?xf32>
  }
  func.func @transpose(%x: tensor<2x3x4xi16> {tfl.name = "transpose_x"}, %p: tensor<3xi32> {tfl.name = "transpose_perm"})
      -> (tensor<?x?x?xi16> {tfl.name = "transposed"}) attributes {tfl.signature = "transpose"} {
    %y = tfl.transpose %x, %p : (tensor<2x3x4xi16>, tensor<3xi32>) -> tensor<?x?x?xi16>
    return %y : tensor<?x?x?xi16>
  }
}

// An image of open size, made twice as large as layers of up-sampling do; open-images.test runs it.
func.func @double(%x: tensor<1x?x?x2xf32> {tfl.name = "x"})
    -> (tensor<1x?x?x2xf32> {tfl.name = "resized"}, tensor<1x?x?x2xf32> {tfl.name = "spread"}) attributes {tfl.signature = "double"} {
  %one = tfl.const dense<1> : tensor<1xi32> -> tensor<1xi32>
  %three = tfl.const dense<3> : tensor<1xi32> -> tensor<1xi32>
  %two = tfl.const dense<2> : tensor<2xi32> -> tensor<2xi32>
  %channels = tfl.const dense<2> : tensor<1xi32> -> tensor<1xi32>
  // Each channel for itself, at the upper left one of four places.
  %weights = tfl.const dense<[[[[1.0, 0.0]]], [[[0.0, 1.0]]]]> : tensor<2x1x1x2xf32> -> tensor<2x1x1x2xf32>
  %shape = tfl.shape %x {out_type = "INT32"} : (tensor<1x?x?x2xf32>) -> tensor<4xi32>
  %size = tfl.strided_slice %shape, %one, %three, %one {begin_mask = 0 : i32, end_mask = 0 : i32, ellipsis_mask = 0 : i32,
    new_axis_mask = 0 : i32, shrink_axis_mask = 0 : i32} : (tensor<4xi32>, tensor<1xi32>, tensor<1xi32>, tensor<1xi32>) -> tensor<2xi32>
  %double = tfl.mul %size, %two {fused_activation_function = "NONE"} : (tensor<2xi32>, tensor<2xi32>) -> tensor<2xi32>
  %resized = tfl.resize_bilinear %x, %double {half_pixel_centers = true} : (tensor<1x?x?x2xf32>, tensor<2xi32>) -> tensor<1x?x?x2xf32>
  %whole = tfl.concatenation %one, %double, %channels {axis = 0 : i32} : (tensor<1xi32>, tensor<2xi32>, tensor<1xi32>) -> tensor<4xi32>
  %spread = tfl.transpose_conv %whole, %weights, %x {padding = "SAME", stride_w = 2 : i32, stride_h = 2 : i32}
    : (tensor<4xi32>, tensor<2x1x1x2xf32>, tensor<1x?x?x2xf32>) -> tensor<1x?x?x2xf32>
  return %resized, %spread : tensor<1x?x?x2xf32>, tensor<1x?x?x2xf32>
}

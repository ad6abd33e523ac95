// A convolution, a depthwise one, a residual, a matrix product with one row, each long enough for tasks.
func.func @main(%x: tensor<1x40x40x16xf32> {tfl.name = "x"}) -> (tensor<1x1000xf32> {tfl.name = "y"}) attributes {tfl.signature = "serving_default"} {
  %w = tfl.const dense<0.01> : tensor<40x3x3x16xf32> -> tensor<40x3x3x16xf32>
  %0 = "tfl.conv_2d"(%x, %w) {padding = "SAME", stride_h = 1 : i32, stride_w = 1 : i32, fused_activation_function = "RELU6"} : (tensor<1x40x40x16xf32>, tensor<40x3x3x16xf32>) -> tensor<1x40x40x40xf32>
  %d = tfl.const dense<0.1> : tensor<1x3x3x40xf32> -> tensor<1x3x3x40xf32>
  %1 = "tfl.depthwise_conv_2d"(%0, %d) {padding = "SAME", stride_h = 1 : i32, stride_w = 1 : i32, depth_multiplier = 1 : i32, fused_activation_function = "NONE"} : (tensor<1x40x40x40xf32>, tensor<1x3x3x40xf32>) -> tensor<1x40x40x40xf32>
  %2 = "tfl.add"(%0, %1) {fused_activation_function = "NONE"} : (tensor<1x40x40x40xf32>, tensor<1x40x40x40xf32>) -> tensor<1x40x40x40xf32>
  %p = tfl.const dense<0.02> : tensor<32x1x1x40xf32> -> tensor<32x1x1x40xf32>
  %3 = "tfl.conv_2d"(%2, %p) {padding = "VALID", stride_h = 2 : i32, stride_w = 2 : i32, fused_activation_function = "NONE"} : (tensor<1x40x40x40xf32>, tensor<32x1x1x40xf32>) -> tensor<1x20x20x32xf32>
  %axes = tfl.const dense<[1, 2]> : tensor<2xi32> -> tensor<2xi32>
  %4 = "tfl.mean"(%3, %axes) {keep_dims = false} : (tensor<1x20x20x32xf32>, tensor<2xi32>) -> tensor<1x32xf32>
  %f = tfl.const dense<0.03> : tensor<1000x32xf32> -> tensor<1000x32xf32>
  %5 = "tfl.fully_connected"(%4, %f) {fused_activation_function = "NONE"} : (tensor<1x32xf32>, tensor<1000x32xf32>) -> tensor<1x1000xf32>
  return %5 : tensor<1x1000xf32>
}

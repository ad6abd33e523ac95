// One row of seven bytes.
func.func @main(%x: tensor<1x7x!quant.uniform<i8:f32, 0.05:3>> {tfl.name = "x"}) -> (tensor<1x9x!quant.uniform<i8:f32, 0.05:3>> {tfl.name = "y"}) {
  %0 = tfl.const dense<"0x7942BDF22106F0847762F0F3CB4D764DC7072051159A0F89F2C6DACAE344BB311245FD6F84DF9AD7C5B3D076AC0E8F53A7356C88913F20F6F72DB022D24D0A"> : tensor<9x7xi8> -> tensor<9x7x!quant.uniform<i8<-127:127>:f32, 0.01>>
  %1 = tfl.const dense<0> : tensor<9xi32> -> tensor<9x!quant.uniform<i32:f32, 0.0005>>
  %2 = tfl.fully_connected %x, %0, %1 {fused_activation_function = "NONE"} : (tensor<1x7x!quant.uniform<i8:f32, 0.05:3>>, tensor<9x7x!quant.uniform<i8<-127:127>:f32, 0.01>>, tensor<9x!quant.uniform<i32:f32, 0.0005>>) -> tensor<1x9x!quant.uniform<i8:f32, 0.05:3>>
  return %2 : tensor<1x9x!quant.uniform<i8:f32, 0.05:3>>
}

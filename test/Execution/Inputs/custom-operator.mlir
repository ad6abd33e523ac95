// Calls of functions that are linked, whose names the file does not hold: one between other operators, on a part of a tensor and with an operand that is absent, and one
// that rejects data.
func.func @main(%x: tensor<2x6xf32> {tfl.name = "x"}, %q: tensor<2x3x!quant.uniform<i8:f32, 0.5:-1>> {tfl.name = "q"}) -> (tensor<2x3xf32> {tfl.name = "y"}) attributes {tfl.signature = "serving_default"} {
  %begin = tfl.const dense<[0, 3]> : tensor<2xi32> -> tensor<2xi32>
  %size = tfl.const dense<[2, 3]> : tensor<2xi32> -> tensor<2xi32>
  %none = tfl.no_value {value} : none
  %one = tfl.const dense<1.0> : tensor<f32> -> tensor<f32>
  %part = tfl.slice %x, %begin, %size : (tensor<2x6xf32>, tensor<2xi32>, tensor<2xi32>) -> tensor<2x3xf32>
  %mix = tfl.custom %part, %none, %q {custom_code = "Blend", custom_options = "half", function = "any"} : (tensor<2x3xf32>, none, tensor<2x3x!quant.uniform<i8:f32, 0.5:-1>>) -> tensor<2x3xf32>
  %sum = tfl.add %mix, %one {fused_activation_function = "NONE"} : (tensor<2x3xf32>, tensor<f32>) -> tensor<2x3xf32>
  %y = tfl.custom %sum {custom_code = "vendor.Check", custom_options = "", function = "any"} : (tensor<2x3xf32>) -> tensor<2x3xf32>
  return %y : tensor<2x3xf32>
}

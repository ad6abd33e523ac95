// Operators that search, select and draw; check-search.py compares each signature.
func.func @topk(%x: tensor<6x40xf32> {tfl.name = "topk_x"}) -> (tensor<6x7xf32> {tfl.name = "topk_values"}, tensor<6x7xi32> {tfl.name = "topk_indices"}) attributes {tfl.signature = "topk"} {
  %k = tfl.const dense<7> : tensor<i32> -> tensor<i32>
  %v, %i = tfl.topk_v2 %x, %k : (tensor<6x40xf32>, tensor<i32>) -> (tensor<6x7xf32>, tensor<6x7xi32>)
  return %v, %i : tensor<6x7xf32>, tensor<6x7xi32>
}
func.func @where(%x: tensor<5x4x3xi32> {tfl.name = "where_x"}) -> (tensor<?x3xi64> {tfl.name = "places"}) attributes {tfl.signature = "where"} {
  %y = tfl.where %x : (tensor<5x4x3xi32>) -> tensor<?x3xi64>
  return %y : tensor<?x3xi64>
}
func.func @unique(%x: tensor<50xi16> {tfl.name = "unique_x"}) -> (tensor<?xi16> {tfl.name = "unique_values"}, tensor<50xi64> {tfl.name = "unique_indices"}) attributes {tfl.signature = "unique"} {
  %y, %i = tfl.unique %x {idx_out_type = "INT64"} : (tensor<50xi16>) -> (tensor<?xi16>, tensor<50xi64>)
  return %y, %i : tensor<?xi16>, tensor<50xi64>
}
// What WHERE finds goes on through other operators.
func.func @picked(%x: tensor<20xf32> {tfl.name = "picked_x"}, %c: tensor<20xi1> {tfl.name = "picked_c"}) -> (tensor<?xf32> {tfl.name = "picked"}) attributes {tfl.signature = "picked"} {
  %p = tfl.where %c : (tensor<20xi1>) -> tensor<?x1xi64>
  %g = tfl.gather_nd %x, %p : (tensor<20xf32>, tensor<?x1xi64>) -> tensor<?xf32>
  %y = tfl.add %g, %g {fused_activation_function = "NONE"} : (tensor<?xf32>, tensor<?xf32>) -> tensor<?xf32>
  return %y : tensor<?xf32>
}
func.func @range(%a: tensor<i32> {tfl.name = "range_start"}, %b: tensor<i32> {tfl.name = "range_limit"}, %c: tensor<i32> {tfl.name = "range_delta"}) -> (tensor<?xi32> {tfl.name = "numbers"}) attributes {tfl.signature = "range"} {
  %y = tfl.range %a, %b, %c : (tensor<i32>, tensor<i32>, tensor<i32>) -> tensor<?xi32>
  return %y : tensor<?xi32>
}
func.func @reshape(%x: tensor<24xf32> {tfl.name = "reshape_x"}, %s: tensor<3xi32> {tfl.name = "reshape_shape"}) -> (tensor<?x?x?xf32> {tfl.name = "reshaped"}) attributes {tfl.signature = "reshape"} {
  %y = tfl.reshape %x, %s : (tensor<24xf32>, tensor<3xi32>) -> tensor<?x?x?xf32>
  return %y : tensor<?x?x?xf32>
}
func.func @fill(%s: tensor<2xi32> {tfl.name = "fill_shape"}, %v: tensor<f32> {tfl.name = "fill_value"}) -> (tensor<?x?xf32> {tfl.name = "filled"}) attributes {tfl.signature = "fill"} {
  %y = tfl.fill %s, %v : (tensor<2xi32>, tensor<f32>) -> tensor<?x?xf32>
  return %y : tensor<?x?xf32>
}
func.func @suppress(%b: tensor<30x4xf32> {tfl.name = "boxes"}, %s: tensor<30xf32> {tfl.name = "scores"}) -> (tensor<10xi32> {tfl.name = "selected"}, tensor<i32> {tfl.name = "number"}) attributes {tfl.signature = "suppress"} {
  %n = tfl.const dense<10> : tensor<i32> -> tensor<i32>
  %t = tfl.const dense<0.4> : tensor<f32> -> tensor<f32>
  %c = tfl.const dense<0.2> : tensor<f32> -> tensor<f32>
  %y, %v = tfl.non_max_suppression_v4 %b, %s, %n, %t, %c : (tensor<30x4xf32>, tensor<30xf32>, tensor<i32>, tensor<f32>, tensor<f32>) -> (tensor<10xi32>, tensor<i32>)
  return %y, %v : tensor<10xi32>, tensor<i32>
}
func.func @random(%x: tensor<f32> {tfl.name = "random_x"}) -> (tensor<3x1001xf32> {tfl.name = "uniform"}, tensor<4001xf32> {tfl.name = "normal"}) attributes {tfl.signature = "random"} {
  %s = tfl.const dense<[3, 1001]> : tensor<2xi32> -> tensor<2xi32>
  %t = tfl.const dense<4001> : tensor<1xi32> -> tensor<1xi32>
  %u = tfl.random_uniform %s {seed = 7 : i64, seed2 = 98 : i64} : (tensor<2xi32>) -> tensor<3x1001xf32>
  %n = tfl.random_standard_normal %t {seed = 34359738373 : i64, seed2 = 83 : i64} : (tensor<1xi32>) -> tensor<4001xf32>
  %y = tfl.add %u, %x {fused_activation_function = "NONE"} : (tensor<3x1001xf32>, tensor<f32>) -> tensor<3x1001xf32>
  return %y, %n : tensor<3x1001xf32>, tensor<4001xf32>
}
func.func @multinomial(%x: tensor<2x4xf32> {tfl.name = "logits"}) -> (tensor<2x5000xi32> {tfl.name = "classes"}) attributes {tfl.signature = "multinomial"} {
  %n = tfl.const dense<5000> : tensor<i32> -> tensor<i32>
  %y = tfl.multinomial %x, %n {seed = 39 : i64, seed2 = 33 : i64} : (tensor<2x4xf32>, tensor<i32>) -> tensor<2x5000xi32>
  return %y : tensor<2x5000xi32>
}

// Steps that tasks share in ways of their own: products of two activations, by batches and by columns, and a loop.
func.func @main(%q: tensor<4x64x32xf32> {tfl.name = "q"}, %k: tensor<4x64x32xf32> {tfl.name = "k"}, %x: tensor<128x256xf32> {tfl.name = "x"}) -> (tensor<4x64x64xf32> {tfl.name = "batches"}, tensor<128x128xf32> {tfl.name = "columns"}, tensor<128x256xf32> {tfl.name = "state"}) attributes {tfl.signature = "serving_default"} {
  %0 = "tfl.batch_matmul"(%q, %k) {adj_x = false, adj_y = true} : (tensor<4x64x32xf32>, tensor<4x64x32xf32>) -> tensor<4x64x64xf32>
  %1 = "tfl.batch_matmul"(%x, %x) {adj_x = false, adj_y = true} : (tensor<128x256xf32>, tensor<128x256xf32>) -> tensor<128x128xf32>
  %zero = tfl.const dense<0> : tensor<i32> -> tensor<i32>
  %r:2 = tfl.while %zero, %x {cond_subgraph = @less, body_subgraph = @step} : (tensor<i32>, tensor<128x256xf32>) -> (tensor<i32>, tensor<128x256xf32>)
  return %0, %1, %r#1 : tensor<4x64x64xf32>, tensor<128x128xf32>, tensor<128x256xf32>
}
func.func private @less(%i: tensor<i32>, %x: tensor<128x256xf32>) -> tensor<i1> {
  %limit = tfl.const dense<3> : tensor<i32> -> tensor<i32>
  %c = tfl.less %i, %limit : (tensor<i32>, tensor<i32>) -> tensor<i1>
  return %c : tensor<i1>
}
func.func private @step(%i: tensor<i32>, %x: tensor<128x256xf32>) -> (tensor<i32>, tensor<128x256xf32>) {
  %one = tfl.const dense<1> : tensor<i32> -> tensor<i32>
  %n = tfl.add %i, %one {fused_activation_function = "NONE"} : (tensor<i32>, tensor<i32>) -> tensor<i32>
  %w = tfl.const dense<0.02> : tensor<256x256xf32> -> tensor<256x256xf32>
  %y = "tfl.fully_connected"(%x, %w) {fused_activation_function = "NONE"} : (tensor<128x256xf32>, tensor<256x256xf32>) -> tensor<128x256xf32>
  %s = tfl.add %x, %y {fused_activation_function = "NONE"} : (tensor<128x256xf32>, tensor<128x256xf32>) -> tensor<128x256xf32>
  return %n, %s : tensor<i32>, tensor<128x256xf32>
}

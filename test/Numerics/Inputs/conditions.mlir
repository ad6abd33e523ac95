// Conditions whose shape only an invocation shows: one element of `flags`, or as many as `size` says.
// The result of `sizes` is as large as the branch that runs makes it.
module {
  func.func @branch(%flags: tensor<3xi1> {tfl.name = "branch_flags"}, %size: tensor<1xi32> {tfl.name = "branch_size"},
      %x: tensor<2xf32> {tfl.name = "branch_x"}) -> (tensor<2xf32> {tfl.name = "branch"}) attributes {tfl.signature = "branch"} {
    %zero = tfl.const dense<0> : tensor<1xi32> -> tensor<1xi32>
    %c = tfl.slice %flags, %zero, %size : (tensor<3xi1>, tensor<1xi32>, tensor<1xi32>) -> tensor<?xi1>
    %y = tfl.if %c, %x {then_subgraph = @neg, else_subgraph = @same} : (tensor<?xi1>, tensor<2xf32>) -> tensor<2xf32>
    return %y : tensor<2xf32>
  }
  func.func @loop(%size: tensor<1xi32> {tfl.name = "loop_size"}, %i: tensor<3xi32> {tfl.name = "loop_i"})
      -> (tensor<3xi32> {tfl.name = "loop"}) attributes {tfl.signature = "loop"} {
    %r:2 = tfl.while %i, %size {cond_subgraph = @less, body_subgraph = @next}
      : (tensor<3xi32>, tensor<1xi32>) -> (tensor<3xi32>, tensor<1xi32>)
    return %r#0 : tensor<3xi32>
  }
  func.func @sizes(%c: tensor<i1> {tfl.name = "sizes_c"}, %x: tensor<2xf32> {tfl.name = "sizes_x"}) -> (tensor<?xf32> {tfl.name = "sizes"})
      attributes {tfl.signature = "sizes"} {
    %y = tfl.if %c, %x {then_subgraph = @twice, else_subgraph = @same} : (tensor<i1>, tensor<2xf32>) -> tensor<?xf32>
    %z = tfl.neg %y : (tensor<?xf32>) -> tensor<?xf32>
    return %z : tensor<?xf32>
  }
  func.func private @twice(%x: tensor<2xf32>) -> tensor<4xf32> {
    %y = tfl.concatenation %x, %x {axis = 0 : i32, fused_activation_function = "NONE"} : (tensor<2xf32>, tensor<2xf32>) -> tensor<4xf32>
    return %y : tensor<4xf32>
  }
  func.func private @neg(%x: tensor<2xf32>) -> tensor<2xf32> {
    %y = tfl.neg %x : (tensor<2xf32>) -> tensor<2xf32>
    return %y : tensor<2xf32>
  }
  func.func private @same(%x: tensor<2xf32>) -> tensor<2xf32> {
    return %x : tensor<2xf32>
  }
  func.func private @less(%i: tensor<3xi32>, %size: tensor<1xi32>) -> tensor<?xi1> {
    %zero = tfl.const dense<0> : tensor<1xi32> -> tensor<1xi32>
    %end = tfl.const dense<10> : tensor<i32> -> tensor<i32>
    %all = tfl.less %i, %end : (tensor<3xi32>, tensor<i32>) -> tensor<3xi1>
    %c = tfl.slice %all, %zero, %size : (tensor<3xi1>, tensor<1xi32>, tensor<1xi32>) -> tensor<?xi1>
    return %c : tensor<?xi1>
  }
  func.func private @next(%i: tensor<3xi32>, %size: tensor<1xi32>) -> (tensor<3xi32>, tensor<1xi32>) {
    %step = tfl.const dense<3> : tensor<i32> -> tensor<i32>
    %y = tfl.add %i, %step {fused_activation_function = "NONE"} : (tensor<3xi32>, tensor<i32>) -> tensor<3xi32>
    return %y, %size : tensor<3xi32>, tensor<1xi32>
  }
}

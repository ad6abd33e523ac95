// RUN: tflc-opt %s -split-input-file -tfl-infer-shapes -verify-diagnostics

func.func @changing_rank(%c: tensor<i1>, %x: tensor<4xf32>, %z: tensor<2x2xf32>) -> tensor<4xf32> {
  // expected-error @+1 {{output 0 has shape [4] in one branch and [2, 2] in another; ranks that differ are not supported}}
  %y = tfl.branch %c {
    tfl.yield %x : tensor<4xf32>
  }, {
    tfl.yield %z : tensor<2x2xf32>
  } : (tensor<i1>) -> tensor<4xf32>
  return %y : tensor<4xf32>
}

// -----

func.func @changing_rank_in_loop(%x: tensor<4xf32>) -> tensor<4xf32> {
  // expected-error @+1 {{tensor 0 of the loop has shape [4] at first and [1, 4] behind an iteration; ranks that change are not supported}}
  %y = tfl.repeat 3, %x {
  ^bb0(%i: tensor<i32>, %a: tensor<4xf32>):
    %axis = tfl.const dense<0> : tensor<i32> -> tensor<i32>
    %b = tfl.expand_dims %a, %axis : (tensor<4xf32>, tensor<i32>) -> tensor<1x4xf32>
    tfl.yield %b : tensor<1x4xf32>
  } : (tensor<4xf32>) -> tensor<4xf32>
  return %y : tensor<4xf32>
}

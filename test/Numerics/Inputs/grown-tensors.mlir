// Loops that make a list longer or shorter: from no row on, by a known number of iterations, by one that is fed, in some
// iterations only, to twice its length, in a branch, and in a loop of a loop.
func.func @counted(%x: tensor<1x3xf32> {tfl.name = "counted_x"}) -> (tensor<?x3xf32> {tfl.name = "counted"}) attributes {tfl.signature = "counted"} {
  %limit = tfl.const dense<5> : tensor<i32> -> tensor<i32>
  %i = tfl.const dense<0> : tensor<i32> -> tensor<i32>
  %none = tfl.const dense<> : tensor<0x3xf32> -> tensor<0x3xf32>
  %r:4 = tfl.while %i, %limit, %none, %x {cond_subgraph = @less, body_subgraph = @append} : (tensor<i32>, tensor<i32>, tensor<0x3xf32>, tensor<1x3xf32>) -> (tensor<i32>, tensor<i32>, tensor<?x3xf32>, tensor<1x3xf32>)
  return %r#2 : tensor<?x3xf32>
}
func.func @fed(%x: tensor<1x3xf32> {tfl.name = "fed_x"}, %limit: tensor<i32> {tfl.name = "fed_limit"}) -> (tensor<?x3xf32> {tfl.name = "fed"}, tensor<3xf32> {tfl.name = "fed_sum"}) attributes {tfl.signature = "fed"} {
  %i = tfl.const dense<0> : tensor<i32> -> tensor<i32>
  %none = tfl.const dense<> : tensor<0x3xf32> -> tensor<0x3xf32>
  %r:4 = tfl.while %i, %limit, %none, %x {cond_subgraph = @less, body_subgraph = @append} : (tensor<i32>, tensor<i32>, tensor<0x3xf32>, tensor<1x3xf32>) -> (tensor<i32>, tensor<i32>, tensor<?x3xf32>, tensor<1x3xf32>)
  %axis = tfl.const dense<0> : tensor<1xi32> -> tensor<1xi32>
  %sum = tfl.sum %r#2, %axis {keep_dims = false} : (tensor<?x3xf32>, tensor<1xi32>) -> tensor<3xf32>
  return %r#2, %sum : tensor<?x3xf32>, tensor<3xf32>
}
func.func @some(%x: tensor<1x3xf32> {tfl.name = "some_x"}, %limit: tensor<i32> {tfl.name = "some_limit"}) -> (tensor<?x3xf32> {tfl.name = "some"}) attributes {tfl.signature = "some"} {
  %i = tfl.const dense<0> : tensor<i32> -> tensor<i32>
  %none = tfl.const dense<> : tensor<0x3xf32> -> tensor<0x3xf32>
  %r:4 = tfl.while %i, %limit, %none, %x {cond_subgraph = @less, body_subgraph = @append_odd} : (tensor<i32>, tensor<i32>, tensor<0x3xf32>, tensor<1x3xf32>) -> (tensor<i32>, tensor<i32>, tensor<?x3xf32>, tensor<1x3xf32>)
  return %r#2 : tensor<?x3xf32>
}
func.func @twice(%x: tensor<1x3xf32> {tfl.name = "twice_x"}, %limit: tensor<i32> {tfl.name = "twice_limit"}) -> (tensor<?x3xf32> {tfl.name = "twice"}) attributes {tfl.signature = "twice"} {
  %i = tfl.const dense<0> : tensor<i32> -> tensor<i32>
  %r:4 = tfl.while %i, %limit, %x, %x {cond_subgraph = @less_and_ten, body_subgraph = @double} : (tensor<i32>, tensor<i32>, tensor<1x3xf32>, tensor<1x3xf32>) -> (tensor<i32>, tensor<i32>, tensor<?x3xf32>, tensor<1x3xf32>)
  return %r#2 : tensor<?x3xf32>
}
func.func @shorter(%x: tensor<9x3xf32> {tfl.name = "shorter_x"}, %limit: tensor<i32> {tfl.name = "shorter_limit"}) -> (tensor<?x3xf32> {tfl.name = "shorter"}) attributes {tfl.signature = "shorter"} {
  %i = tfl.const dense<0> : tensor<i32> -> tensor<i32>
  %row = tfl.const dense<0.0> : tensor<1x3xf32> -> tensor<1x3xf32>
  %r:4 = tfl.while %i, %limit, %x, %row {cond_subgraph = @less, body_subgraph = @drop_first} : (tensor<i32>, tensor<i32>, tensor<9x3xf32>, tensor<1x3xf32>) -> (tensor<i32>, tensor<i32>, tensor<?x3xf32>, tensor<1x3xf32>)
  return %r#2 : tensor<?x3xf32>
}
func.func @branch(%x: tensor<1x3xf32> {tfl.name = "branch_x"}, %limit: tensor<i32> {tfl.name = "branch_limit"}, %c: tensor<i1> {tfl.name = "branch_c"}) -> (tensor<?x3xf32> {tfl.name = "branch"}) attributes {tfl.signature = "branch"} {
  %y = tfl.if %c, %x, %limit {then_subgraph = @list, else_subgraph = @row} : (tensor<i1>, tensor<1x3xf32>, tensor<i32>) -> tensor<?x3xf32>
  return %y : tensor<?x3xf32>
}
func.func @nested(%x: tensor<1x3xf32> {tfl.name = "nested_x"}, %limit: tensor<i32> {tfl.name = "nested_limit"}) -> (tensor<?x3xf32> {tfl.name = "nested"}) attributes {tfl.signature = "nested"} {
  %i = tfl.const dense<0> : tensor<i32> -> tensor<i32>
  %none = tfl.const dense<> : tensor<0x3xf32> -> tensor<0x3xf32>
  %r:4 = tfl.while %i, %limit, %none, %x {cond_subgraph = @less, body_subgraph = @append_many} : (tensor<i32>, tensor<i32>, tensor<0x3xf32>, tensor<1x3xf32>) -> (tensor<i32>, tensor<i32>, tensor<?x3xf32>, tensor<1x3xf32>)
  return %r#2 : tensor<?x3xf32>
}
func.func private @less(%i: tensor<i32>, %limit: tensor<i32>, %list: tensor<?x3xf32>, %x: tensor<1x3xf32>) -> tensor<i1> {
  %c = tfl.less %i, %limit : (tensor<i32>, tensor<i32>) -> tensor<i1>
  return %c : tensor<i1>
}
func.func private @less_and_ten(%i: tensor<i32>, %limit: tensor<i32>, %list: tensor<?x3xf32>, %x: tensor<1x3xf32>) -> tensor<i1> {
  %ten = tfl.const dense<10> : tensor<i32> -> tensor<i32>
  %a = tfl.less %i, %limit : (tensor<i32>, tensor<i32>) -> tensor<i1>
  %b = tfl.less %i, %ten : (tensor<i32>, tensor<i32>) -> tensor<i1>
  %c = tfl.logical_and %a, %b : (tensor<i1>, tensor<i1>) -> tensor<i1>
  return %c : tensor<i1>
}
func.func private @append(%i: tensor<i32>, %limit: tensor<i32>, %list: tensor<?x3xf32>, %x: tensor<1x3xf32>) -> (tensor<i32>, tensor<i32>, tensor<?x3xf32>, tensor<1x3xf32>) {
  %one = tfl.const dense<1> : tensor<i32> -> tensor<i32>
  %next = tfl.add %i, %one {fused_activation_function = "NONE"} : (tensor<i32>, tensor<i32>) -> tensor<i32>
  %f = tfl.cast %i : (tensor<i32>) -> tensor<f32>
  %row = tfl.add %x, %f {fused_activation_function = "NONE"} : (tensor<1x3xf32>, tensor<f32>) -> tensor<1x3xf32>
  %longer = tfl.concatenation %list, %row {axis = 0 : i32, fused_activation_function = "NONE"} : (tensor<?x3xf32>, tensor<1x3xf32>) -> tensor<?x3xf32>
  return %next, %limit, %longer, %x : tensor<i32>, tensor<i32>, tensor<?x3xf32>, tensor<1x3xf32>
}
func.func private @append_odd(%i: tensor<i32>, %limit: tensor<i32>, %list: tensor<?x3xf32>, %x: tensor<1x3xf32>) -> (tensor<i32>, tensor<i32>, tensor<?x3xf32>, tensor<1x3xf32>) {
  %one = tfl.const dense<1> : tensor<i32> -> tensor<i32>
  %two = tfl.const dense<2> : tensor<i32> -> tensor<i32>
  %next = tfl.add %i, %one {fused_activation_function = "NONE"} : (tensor<i32>, tensor<i32>) -> tensor<i32>
  %rest = tfl.floor_mod %i, %two : (tensor<i32>, tensor<i32>) -> tensor<i32>
  %odd = tfl.equal %rest, %one : (tensor<i32>, tensor<i32>) -> tensor<i1>
  %longer = tfl.if %odd, %list, %x {then_subgraph = @joined, else_subgraph = @same} : (tensor<i1>, tensor<?x3xf32>, tensor<1x3xf32>) -> tensor<?x3xf32>
  return %next, %limit, %longer, %x : tensor<i32>, tensor<i32>, tensor<?x3xf32>, tensor<1x3xf32>
}
func.func private @append_many(%i: tensor<i32>, %limit: tensor<i32>, %list: tensor<?x3xf32>, %x: tensor<1x3xf32>) -> (tensor<i32>, tensor<i32>, tensor<?x3xf32>, tensor<1x3xf32>) {
  %one = tfl.const dense<1> : tensor<i32> -> tensor<i32>
  %zero = tfl.const dense<0> : tensor<i32> -> tensor<i32>
  %next = tfl.add %i, %one {fused_activation_function = "NONE"} : (tensor<i32>, tensor<i32>) -> tensor<i32>
  %r:4 = tfl.while %zero, %i, %list, %x {cond_subgraph = @less, body_subgraph = @append} : (tensor<i32>, tensor<i32>, tensor<?x3xf32>, tensor<1x3xf32>) -> (tensor<i32>, tensor<i32>, tensor<?x3xf32>, tensor<1x3xf32>)
  return %next, %limit, %r#2, %x : tensor<i32>, tensor<i32>, tensor<?x3xf32>, tensor<1x3xf32>
}
func.func private @double(%i: tensor<i32>, %limit: tensor<i32>, %list: tensor<?x3xf32>, %x: tensor<1x3xf32>) -> (tensor<i32>, tensor<i32>, tensor<?x3xf32>, tensor<1x3xf32>) {
  %one = tfl.const dense<1> : tensor<i32> -> tensor<i32>
  %next = tfl.add %i, %one {fused_activation_function = "NONE"} : (tensor<i32>, tensor<i32>) -> tensor<i32>
  %more = tfl.add %list, %x {fused_activation_function = "NONE"} : (tensor<?x3xf32>, tensor<1x3xf32>) -> tensor<?x3xf32>
  %longer = tfl.concatenation %list, %more {axis = 0 : i32, fused_activation_function = "NONE"} : (tensor<?x3xf32>, tensor<?x3xf32>) -> tensor<?x3xf32>
  return %next, %limit, %longer, %x : tensor<i32>, tensor<i32>, tensor<?x3xf32>, tensor<1x3xf32>
}
func.func private @drop_first(%i: tensor<i32>, %limit: tensor<i32>, %list: tensor<?x3xf32>, %x: tensor<1x3xf32>) -> (tensor<i32>, tensor<i32>, tensor<?x3xf32>, tensor<1x3xf32>) {
  %one = tfl.const dense<1> : tensor<i32> -> tensor<i32>
  %next = tfl.add %i, %one {fused_activation_function = "NONE"} : (tensor<i32>, tensor<i32>) -> tensor<i32>
  %begin = tfl.const dense<[1, 0]> : tensor<2xi32> -> tensor<2xi32>
  %size = tfl.const dense<-1> : tensor<2xi32> -> tensor<2xi32>
  %rest = tfl.slice %list, %begin, %size : (tensor<?x3xf32>, tensor<2xi32>, tensor<2xi32>) -> tensor<?x3xf32>
  return %next, %limit, %rest, %x : tensor<i32>, tensor<i32>, tensor<?x3xf32>, tensor<1x3xf32>
}
func.func private @joined(%list: tensor<?x3xf32>, %x: tensor<1x3xf32>) -> tensor<?x3xf32> {
  %longer = tfl.concatenation %list, %x {axis = 0 : i32, fused_activation_function = "NONE"} : (tensor<?x3xf32>, tensor<1x3xf32>) -> tensor<?x3xf32>
  return %longer : tensor<?x3xf32>
}
func.func private @same(%list: tensor<?x3xf32>, %x: tensor<1x3xf32>) -> tensor<?x3xf32> {
  return %list : tensor<?x3xf32>
}
func.func private @list(%x: tensor<1x3xf32>, %limit: tensor<i32>) -> tensor<?x3xf32> {
  %i = tfl.const dense<0> : tensor<i32> -> tensor<i32>
  %none = tfl.const dense<> : tensor<0x3xf32> -> tensor<0x3xf32>
  %r:4 = tfl.while %i, %limit, %none, %x {cond_subgraph = @less, body_subgraph = @append} : (tensor<i32>, tensor<i32>, tensor<0x3xf32>, tensor<1x3xf32>) -> (tensor<i32>, tensor<i32>, tensor<?x3xf32>, tensor<1x3xf32>)
  return %r#2 : tensor<?x3xf32>
}
func.func private @row(%x: tensor<1x3xf32>, %limit: tensor<i32>) -> tensor<?x3xf32> {
  %y = tfl.neg %x : (tensor<1x3xf32>) -> tensor<?x3xf32>
  return %y : tensor<?x3xf32>
}

//===- ControlFlowOps.td - branches and loops ------------------*- tablegen -*-===//
//
// Part of tflc, under the Apache License 2.0.
//
// Operators of a model name subgraphs. `tfl-inline-control-flow` turns them into the ops at the end,
// whose regions hold what the subgraphs do.
//
//===----------------------------------------------------------------------===//

#ifndef TFLC_TFL_CONTROL_FLOW_OPS
#define TFLC_TFL_CONTROL_FLOW_OPS

include "TFL/IR/TFLOpBase.td"
include "mlir/IR/SymbolInterfaces.td"

//===----------------------------------------------------------------------===//
// Operators that name subgraphs
//===----------------------------------------------------------------------===//

class TFL_SubgraphOp<string mnemonic>
    : TFL_Op<mnemonic, [DeclareOpInterfaceMethods<SymbolUserOpInterface>, TFL_InferShapes]> {
  let results = (outs Variadic<TFL_Tensor>:$outputs);
  let assemblyFormat = "operands attr-dict `:` functional-type(operands, results)";
}

def TFL_IfOp : TFL_SubgraphOp<"if"> {
  let summary = "runs one of two subgraphs";
  let description = [{
    Runs `then_subgraph` on `inputs` where the single element of `condition` is true, `else_subgraph` otherwise. Element types
    of inputs and outputs are those of both subgraphs.

    ```mlir
    %y = tfl.if %c, %x {then_subgraph = @f, else_subgraph = @g} : (tensor<i1>, tensor<4xf32>) -> tensor<4xf32>
    ```
  }];
  let arguments = (ins TFL_Tensor:$condition, Variadic<TFL_Tensor>:$inputs,
      FlatSymbolRefAttr:$then_subgraph, FlatSymbolRefAttr:$else_subgraph);
  let hasVerifier = 1;
}

def TFL_StablehloCaseOp : TFL_SubgraphOp<"stablehlo_case"> {
  let summary = "runs one of several subgraphs";
  let description = [{
    Runs the subgraph of `branch_subgraphs` at `index`, an int32, on `inputs`; the last one where there is none at that index.
  }];
  let arguments = (ins TFL_Tensor:$index, Variadic<TFL_Tensor>:$inputs,
      ArrayAttr:$branch_subgraphs);
  let hasVerifier = 1;
}

class TFL_WhileLikeOp<string mnemonic> : TFL_SubgraphOp<mnemonic> {
  let summary = "runs a subgraph as long as another one says";
  let description = [{
    While `cond_subgraph` gives true for `inputs`, these are replaced by what `body_subgraph` makes of them. The outputs are
    the last ones.

    ```mlir
    %n, %y = tfl.while %i, %x {cond_subgraph = @c, body_subgraph = @b} : (tensor<i32>, tensor<4xf32>) -> (tensor<i32>, tensor<4xf32>)
    ```
  }];
  let arguments = (ins Variadic<TFL_Tensor>:$inputs, FlatSymbolRefAttr:$cond_subgraph,
      FlatSymbolRefAttr:$body_subgraph);
  let hasVerifier = 1;
}

def TFL_WhileOp : TFL_WhileLikeOp<"while">;
def TFL_StablehloWhileOp : TFL_WhileLikeOp<"stablehlo_while">;

//===----------------------------------------------------------------------===//
// Ops with regions
//===----------------------------------------------------------------------===//

class TFL_RegionOp<string mnemonic>
    : TFL_Op<mnemonic, [TFL_NoOperator, SingleBlock, RecursiveMemoryEffects, TFL_InferShapes]> {
  let results = (outs Variadic<TFL_Tensor>:$outputs);
  let hasVerifier = 1;
}

def TFL_BranchOp : TFL_RegionOp<"branch"> {
  let summary = "runs one of several blocks";
  let description = [{
    Of a bool, `selector` runs the first of two blocks where it is true, and the second one otherwise. Of an int32, it is the
    number of the block; the last one where there is none of that number. Blocks have no arguments.

    ```mlir
    %y = tfl.branch %c {
      tfl.yield %x : tensor<4xf32>
    }, {
      %n = tfl.neg %x : (tensor<4xf32>) -> tensor<4xf32>
      tfl.yield %n : tensor<4xf32>
    } : (tensor<i1>) -> tensor<4xf32>
    ```
  }];
  let arguments = (ins TFL_Tensor:$selector);
  let regions = (region VariadicRegion<SizedRegion<1>>:$blocks);
  let assemblyFormat = "$selector $blocks attr-dict `:` functional-type(operands, results)";
}

def TFL_LoopOp : TFL_RegionOp<"loop"> {
  let summary = "runs a block as long as another one says";
  let description = [{
    Both blocks have an argument for each tensor that the loop carries: `inputs` at first, then what the body yields. The
    first block yields a bool of one element. A dimension of a carried tensor that changes from iteration to iteration is
    unknown in the blocks; `most` holds a shape for each carried tensor that it never exceeds, as far as that follows,
    and `at_most` how often the body runs at most.

    ```mlir
    %n, %y = tfl.loop %i, %x {
    ^bb0(%a: tensor<i32>, %b: tensor<4xf32>):
      %c = tfl.less %a, %limit : (tensor<i32>, tensor<i32>) -> tensor<i1>
      tfl.yield %c : tensor<i1>
    } do {
    ^bb0(%a: tensor<i32>, %b: tensor<4xf32>):
      ...
      tfl.yield %next, %m : tensor<i32>, tensor<4xf32>
    } : (tensor<i32>, tensor<4xf32>) -> (tensor<i32>, tensor<4xf32>)
    ```
  }];
  let arguments = (ins Variadic<TFL_Tensor>:$inputs, OptionalAttr<I64Attr>:$at_most, OptionalAttr<ArrayAttr>:$most);
  let regions = (region SizedRegion<1>:$condition, SizedRegion<1>:$body);
  let assemblyFormat =
      "$inputs $condition `do` $body attr-dict `:` functional-type(operands, results)";
}

def TFL_RepeatOp : TFL_RegionOp<"repeat"> {
  let summary = "runs a block a known number of times";
  let description = [{
    The first argument of the block is the number of the iteration, from zero, an int32 or int64 of one element. The
    others are what the loop carries: `inputs` at first, then what the block yields. A dimension of a carried tensor that
    changes from iteration to iteration is unknown in the block; `most` holds a shape for each carried tensor that it
    never exceeds, and `last` the one that it has at the end, as far as that follows.

    ```mlir
    %y = tfl.repeat 28, %x {
    ^bb0(%i: tensor<i32>, %b: tensor<4xf32>):
      ...
      tfl.yield %m : tensor<4xf32>
    } : (tensor<4xf32>) -> tensor<4xf32>
    ```
  }];
  let arguments = (ins I64Attr:$count, Variadic<TFL_Tensor>:$inputs, OptionalAttr<ArrayAttr>:$most,
                       OptionalAttr<ArrayAttr>:$last);
  let regions = (region SizedRegion<1>:$body);
  let assemblyFormat =
      "$count (`,` $inputs^)? $body attr-dict `:` functional-type(operands, results)";
  let extraClassDeclaration = [{
    /// The number of the iteration.
    ::mlir::BlockArgument getIteration() { return getBody().front().getArgument(0); }
    /// The block's arguments for what the loop carries.
    ::mlir::Block::BlockArgListType getCarried() { return getBody().front().getArguments().drop_front(); }
  }];
}

def TFL_YieldOp : TFL_Op<"yield", [TFL_NoOperator, Pure, Terminator, ParentOneOf<["BranchOp", "LoopOp", "RepeatOp"]>]> {
  let summary = "ends a block of a branch or loop";
  let arguments = (ins Variadic<TFL_Tensor>:$values);
  let assemblyFormat = "attr-dict ($values^ `:` type($values))?";
}

#endif

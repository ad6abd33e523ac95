//===- ControlOps.td - functions, branches and loops -------*- tablegen -*-===//
//
// Part of tflc, under the Apache License 2.0.
//
//===----------------------------------------------------------------------===//

#ifndef TFLC_TF_CONTROL_OPS
#define TFLC_TF_CONTROL_OPS

include "TF/IR/TFOpBase.td"

include "mlir/IR/SymbolInterfaces.td"
include "mlir/IR/RegionKindInterface.td"
include "mlir/Interfaces/ControlFlowInterfaces.td"

class TF_IdentityBase<string mnemonic> : TF_SameTypeOp<mnemonic> {
  let arguments = (ins TF_Tensor:$input);
  let results = (outs TF_Tensor:$output);
  let extraClassDefinition = compatibleDefinition # singleDefinition # sameDefinition # [{
    ::mlir::OpFoldResult $cppClass::fold(FoldAdaptor) { return ::tflc::tf::foldIdentity(*this); }
  }];
  let hasFolder = 1;
}
def TF_CheckNumericsOp : TF_IdentityBase<"CheckNumerics">;
def TF_IdentityOp : TF_IdentityBase<"Identity">;
def TF_PlaceholderWithDefaultOp : TF_IdentityBase<"PlaceholderWithDefault">;
def TF_PreventGradientOp : TF_IdentityBase<"PreventGradient">;
def TF_SnapshotOp : TF_IdentityBase<"Snapshot">;
def TF_StopGradientOp : TF_IdentityBase<"StopGradient">;
def TF_EnsureShapeOp : TF_IdentityBase<"EnsureShape">;
def TF_DebugIdentityOp : TF_IdentityBase<"DebugIdentityV2">;
def TF_IdentityNOp : TF_InferredOp<"IdentityN"> {
  let arguments = (ins Variadic<TF_Tensor>:$input);
  let results = (outs Variadic<TF_Tensor>:$output);
}

class TF_CallOp<string mnemonic> : TF_PlainOp<mnemonic> {
  let arguments = (ins Variadic<TF_Tensor>:$args, FlatSymbolRefAttr:$f);
  let results = (outs Variadic<TF_Tensor>:$output);
}
def TF_PartitionedCallOp : TF_CallOp<"PartitionedCall">;
def TF_StatefulPartitionedCallOp : TF_CallOp<"StatefulPartitionedCall">;

class TF_FunctionalIfOp<string mnemonic> : TF_PlainOp<mnemonic> {
  let arguments = (ins TF_Tensor:$cond, Variadic<TF_Tensor>:$input, FlatSymbolRefAttr:$then_branch,
                       FlatSymbolRefAttr:$else_branch);
  let results = (outs Variadic<TF_Tensor>:$output);
}
def TF_IfOp : TF_FunctionalIfOp<"If">;
def TF_StatelessIfOp : TF_FunctionalIfOp<"StatelessIf">;
class TF_FunctionalWhileOp<string mnemonic> : TF_PlainOp<mnemonic> {
  let arguments = (ins Variadic<TF_Tensor>:$input, FlatSymbolRefAttr:$cond, FlatSymbolRefAttr:$body);
  let results = (outs Variadic<TF_Tensor>:$output);
}
def TF_WhileOp : TF_FunctionalWhileOp<"While">;
def TF_StatelessWhileOp : TF_FunctionalWhileOp<"StatelessWhile">;
class TF_FunctionalCaseOp<string mnemonic> : TF_PlainOp<mnemonic> {
  let arguments = (ins TF_Tensor:$branch_index, Variadic<TF_Tensor>:$input,
                       TypedArrayAttrBase<FlatSymbolRefAttr, "functions">:$branches);
  let results = (outs Variadic<TF_Tensor>:$output);
}
def TF_CaseOp : TF_FunctionalCaseOp<"Case">;
def TF_StatelessCaseOp : TF_FunctionalCaseOp<"StatelessCase">;

def TF_YieldOp : TF_PlainOp<"Yield", [Pure, Terminator, ReturnLike]> {
  let summary = "ends a region of a branch or loop and gives its results";
  let arguments = (ins Variadic<TF_Tensor>:$values);
  let assemblyFormat = "operands attr-dict `:` type($values)";
  let builders = [OpBuilder<(ins), "build($_builder, $_state, ::mlir::ValueRange());">];
}
def TF_IfRegionOp : TF_PlainOp<"IfRegion", [RecursiveMemoryEffects, SingleBlock]> {
  let summary = "one of two regions, by a condition";
  let description = [{
    The condition is true where it is a scalar other than zero, or a tensor with elements. Regions use the values
    around them.
  }];
  let arguments = (ins TF_Tensor:$cond);
  let results = (outs Variadic<TF_Tensor>:$output);
  let regions = (region SizedRegion<1>:$then_region, SizedRegion<1>:$else_region);
  let hasCanonicalizeMethod = 1;
  let assemblyFormat = "$cond $then_region `else` $else_region attr-dict `:` functional-type(operands, results)";
}
def TF_WhileRegionOp : TF_PlainOp<"WhileRegion", [RecursiveMemoryEffects, SingleBlock]> {
  let summary = "repeats a region as long as a condition holds";
  let description = [{
    Both regions have one block argument for each operand; `cond` yields a condition, `body` the next values. The
    results are the values with which the condition fails.
  }];
  let arguments = (ins Variadic<TF_Tensor>:$input);
  let results = (outs Variadic<TF_Tensor>:$output);
  let regions = (region SizedRegion<1>:$cond, SizedRegion<1>:$body);
  let assemblyFormat = "operands $cond `do` $body attr-dict `:` functional-type(operands, results)";
  let hasVerifier = 1;
}
def TF_CaseRegionOp : TF_PlainOp<"CaseRegion", [RecursiveMemoryEffects, SingleBlock]> {
  let summary = "one of several regions, by an index; the last one for an index outside of the range";
  let arguments = (ins TF_Tensor:$branch_index);
  let results = (outs Variadic<TF_Tensor>:$output);
  let regions = (region VariadicRegion<SizedRegion<1>>:$branches);
  let assemblyFormat = "$branch_index $branches attr-dict `:` functional-type(operands, results)";
}

// What serves debugging and training alone.
class TF_DroppedOp<string mnemonic> : TF_PlainOp<mnemonic, [MemoryEffects<[MemWrite]>]> {
  let arguments = (ins Variadic<TF_Tensor>:$input);
}
def TF_AssertOp : TF_DroppedOp<"Assert">;
def TF_NoOp : TF_DroppedOp<"NoOp">;
def TF_PrintV2Op : TF_DroppedOp<"PrintV2">;
def TF_DisableCopyOnReadOp : TF_DroppedOp<"DisableCopyOnRead">;
def TF_ConsumeMutexLockOp : TF_DroppedOp<"ConsumeMutexLock">;

#endif

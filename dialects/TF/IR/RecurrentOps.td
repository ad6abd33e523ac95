//===- RecurrentOps.td - layers over sequences -----------------*- tablegen -*-===//
//
// Part of tflc, under the Apache License 2.0.
//
//===----------------------------------------------------------------------===//

#ifndef TFLC_TF_RECURRENT_OPS
#define TFLC_TF_RECURRENT_OPS

include "TF/IR/TFOpBase.td"

/// A layer whose weights are those of Keras: `kernel` [n, gates * u] for the input [b, t, n],
/// `recurrent` [u, gates * u] for the output of the step before. The result is [b, t, u].
///
/// Of a known batch, the states live on from one invocation to the next and are zero after a reset,
/// as those of TensorFlow Lite's operators. Of an open one, they are zero in each invocation.
class TF_SequenceOp<string mnemonic, dag options> : TF_Op<mnemonic, [MemoryEffects<[MemWrite]>]> {
  let arguments = !con(
      (ins TF_Tensor:$input, TF_Tensor:$kernel, TF_Tensor:$recurrent, TF_Tensor:$bias), options);
  let results = (outs TF_Tensor:$output);
  let extraClassDefinition = compatibleDefinition#singleDefinition#[{
    ::mlir::Type $cppClass::inferType(Adaptor op, ::std::optional<::mlir::Location>) {
      return ::tflc::tf::inferSequence(op.getInput(), op.getRecurrent());
    }
  }];
}

def TF_SequenceLstmOp : TF_SequenceOp<"SequenceLstm", (ins)> {
  let summary = "LSTM with tanh and sigmoid; gates in the order input, forget, cell, output";
}
def TF_SequenceRnnOp : TF_SequenceOp<"SequenceRnn", (ins StrAttr:$activation)> {
  let summary =
      "h = activation(W x + R h + bias); `activation` is a name of the schema, TANH or NONE";
}

#endif

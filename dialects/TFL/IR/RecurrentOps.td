//===- RecurrentOps.td - recurrent layers ----------------------*- tablegen -*-===//
//
// Part of tflc, under the Apache License 2.0.
//
//===----------------------------------------------------------------------===//

#ifndef TFLC_TFL_RECURRENT_OPS
#define TFLC_TFL_RECURRENT_OPS

include "TFL/IR/FileOperands.td"
include "TFL/IR/MultiplyAccumulate.td"
include "TFL/IR/TFLOpBase.td"

// Operands are numbered as in the schema; RecurrentOperands.h has their numbers. One that is absent in the middle is a
// `tfl.no_value`, those absent at the end are left out. A state that is a `tfl.variable_tensor` is read and replaced; any
// other tensor is the state's first value, and the last one is lost.
class TFL_RecurrentOp<string mnemonic> : TFL_Op<mnemonic, [MemoryEffects<[MemRead, MemWrite]>, TFL_CountsProducts,
    TFL_InferShapes, TFL_ListsOperands]> {
  let assemblyFormat = "operands attr-dict `:` functional-type(operands, results)";
  let hasVerifier = 1;
}

/// The weights of gates, peepholes, projection and normalization, biases, states and intermediate tensors.
def TFL_LstmRule {
  list<TFL_RulePart> parts = [
    Weights<1>, Weights<2>, Weights<3>, Weights<4>, Weights<5>, Weights<6>, Weights<7>, Weights<8>,
    ShortWeights<9>, ShortWeights<10>, ShortWeights<11>, Weights<16>,
    ShortWeights<20>, ShortWeights<21>, ShortWeights<22>, ShortWeights<23>,
    BiasOf<12, 0, 1>, BiasOf<13, 0, 2>, BiasOf<14, 0, 3>, BiasOf<15, 0, 4>, IntermediateBias<17, 4, 16>,
    Normalizes<20, 12, 0, 1, 5, 9>, Normalizes<21, 13, 1, 2, 6, 10>, Normalizes<22, 14, 2, 3, 7>,
    Normalizes<23, 15, 3, 4, 8, 11>,
    ResultState<18>, ShortState<19, 11>, Intermediates<5>];
}

def TFL_UnidirectionalSequenceLstmOp : TFL_RecurrentOp<"unidirectional_sequence_lstm"> {
  let summary = "a layer of LSTM cells over a sequence";
  let description = [{
    The input is [batch, time, n_input], with `time_major` [time, batch, n_input]. For each step with input x, output state h (n_output elements) and cell state c (n_cell elements), in batches:

    ```
    gate G of input, forget, cell, output
      s(G) = W(G) x + R(G) h + P(G) . c          // P, the peephole weights, are optional; none for the cell gate;
                                                 // the output gate multiplies the new c
      without layer normalization s(G) += bias(G)
      with it   s(G) = (s(G) - mean) / sqrt(variance + 1e-8) . L(G) + bias(G)
      g(G) = sigmoid(s(G)), of the cell gate activation(s(G))
    without input weights (CIFG)  g(input) = 1 - g(forget)
    c = g(forget) . c + g(input) . g(cell), limited to [-cell_clip, cell_clip] where cell_clip > 0
    m = g(output) . activation(c)
    with projection  h = V m + bias(V), limited to [-proj_clip, proj_clip] where proj_clip > 0; else h = m
    the step's output is h
    ```

    Rank 1 instead of 2 makes recurrent weights a diagonal matrix.

    hybrid (float32 input and states, int8 weights): the rows of x, h and m are quantized on their own, as in
    `tfl.fully_connected`; peephole weights are dequantized.

    int8 (int8 input, weights and h; int16 c, whose scale is 2^e; int16 gates), with `intermediates` of five types,
    whose last has the scale and zero point of m, and the others the scales of s(G) where there is layer normalization:

    ```
    t(G) = 2^-12, with layer normalization the intermediate's scale
    s(G) = sat16(rescale<double>(W(G) (x - zp(x)) + bias(G), scale(W(G)) * scale(x) / t(G)))   // no bias before normalization
    s(G) = sat16(s(G) + rescale<double>(R(G) (h - zp(h)), scale(R(G)) * scale(h) / t(G)))
    s(G) = sat16(s(G) + rescale<double>(P(G) * c, scale(P(G)) * 2^e / t(G)))
           // the first batch * n_output cells of the step alone: number k takes weight k mod n_output
    layer normalization, with n = n_cell
      mean = 1024 * sum(s) / n, v = (sum(s^2) * (2^20 / n) - mean^2) / 2^20, not positive: max(1, i32(10000 * scale(L)))
      r = rescale<double>(1024 * s - mean, 1 / sqrt(v)), q = round(r * L + bias, 1024)
      s = sat16(rescale<double>(q, scale(L) * 2^12))
    g(G) = sigmoid or tanh in gemmlowp's 16 bit arithmetic, of 3 integer bits to none
    c = sat16(round(g(forget) * c, 2^15) + round(g(input) * g(cell), 2^(30 + e)))
        // CIFG: g(input) = 32767 - g(forget); clipped like reals
    m = rescale<double>(g(output) * tanh(c), 2^-30 / scale(m))
    h = sat8(m + zp(m)), or rescale<double>(V (sat8(m - zp(m)) + zp(m)) + bias(V), scale(V) * scale(m) / scale(h)) + zp(h),
        as int8, clipped
    ```

    All divisions are of integers towards zero; `round(a, b)` is a / b with halves away from zero.

    ```mlir
    %y = tfl.unidirectional_sequence_lstm %x, %none, %wf, ... {time_major = true} : (tensor<4x1x8xf32>, none, ...) -> tensor<4x1x16xf32>
    ```
  }];
  let arguments = (ins Variadic<TFL_TensorOrNone>:$inputs,
    DefaultValuedAttr<StrAttr, "\"NONE\"">:$fused_activation_function,
    DefaultValuedAttr<F32Attr, "0.0">:$cell_clip, DefaultValuedAttr<F32Attr, "0.0">:$proj_clip,
    DefaultValuedAttr<BoolAttr, "false">:$time_major,
    DefaultValuedAttr<BoolAttr, "false">:$asymmetric_quantize_inputs,
    DefaultValuedAttr<BoolAttr, "false">:$diagonal_recurrent_tensors,
    OptionalAttr<TypeArrayAttr>:$intermediates);
  let results = (outs TFL_Tensor:$output);
  let quantization = !listconcat([Int8Since<1>, HybridSince<3>], TFL_LstmRule.parts);
}

def TFL_LstmOp : TFL_RecurrentOp<"lstm"> {
  let summary = "one step of a layer of LSTM cells";
  let description = [{
    With the kernel type FULL, one step of `tfl.unidirectional_sequence_lstm` with the input [batch, n_input].

    With the kernel type BASIC, the operands are the input, the last activation h, weights W [4 n, n_input + n], bias [4 n]
    and the last state c; the results are the activation, the state, the joined inputs [x, h] and the sums
    s = W [x, h] + bias. The gates stand in the order input, cell, forget, output:

    ```
    float32  c = sigmoid(s0) * tanh(s1) + sigmoid(s2) * c,  h = sigmoid(s3) * tanh(c)
    uint8 input, h and weights, int32 bias, int16 c of scale 2^-11
      s = sat16(rescale<double>(sum of (input - 128) * (weights - zp(weights)) + bias, 4096 * scale(bias))), but that the
          second rounding takes halves up
      the gates as in `tfl.unidirectional_sequence_lstm`; a * b stands for (2 * a * b + 2^15) >> 16
      c = sat16(round(g(input) * g(cell), 16) + g(forget) * c)
      h = 128 + sat8(round(g(output) * tanh(sat16(2 * c)), 256))
    ```
  }];
  let arguments = (ins Variadic<TFL_TensorOrNone>:$inputs,
    DefaultValuedAttr<StrAttr, "\"NONE\"">:$fused_activation_function,
    DefaultValuedAttr<F32Attr, "0.0">:$cell_clip, DefaultValuedAttr<F32Attr, "0.0">:$proj_clip,
    DefaultValuedAttr<StrAttr, "\"FULL\"">:$kernel_type,
    DefaultValuedAttr<BoolAttr, "false">:$asymmetric_quantize_inputs,
    OptionalAttr<TypeArrayAttr>:$intermediates);
  let results = (outs Variadic<TFL_Tensor>:$outputs);
  let quantization = !listconcat([Int8Since<1>, HybridSince<4>], TFL_LstmRule.parts);
}

def TFL_BidirectionalSequenceLstmOp : TFL_RecurrentOp<"bidirectional_sequence_lstm"> {
  let summary = "two layers of LSTM cells over a sequence and its reverse";
  let description = [{
    The arithmetic of `tfl.unidirectional_sequence_lstm`, in float32 or hybrid, for a forward layer and for a backward one that
    visits the steps from the last to the first. The results are theirs; with `merge_outputs` there is one, with the
    forward output in front of the backward one in the last dimension.

    An auxiliary input with auxiliary weights adds W_aux x_aux to each gate of both layers. Without auxiliary weights it is
    the input of the backward layer.
  }];
  let arguments = (ins Variadic<TFL_TensorOrNone>:$inputs,
    DefaultValuedAttr<StrAttr, "\"NONE\"">:$fused_activation_function,
    DefaultValuedAttr<F32Attr, "0.0">:$cell_clip, DefaultValuedAttr<F32Attr, "0.0">:$proj_clip,
    DefaultValuedAttr<BoolAttr, "false">:$merge_outputs, DefaultValuedAttr<BoolAttr, "true">:$time_major,
    DefaultValuedAttr<BoolAttr, "false">:$asymmetric_quantize_inputs);
  let results = (outs Variadic<TFL_Tensor>:$outputs);
  let quantization = [HybridSince<3>,
                      Weights<1>, Weights<2>, Weights<3>, Weights<4>, Weights<5>, Weights<6>, Weights<7>, Weights<8>,
                      BiasOf<12, 0, 1>, BiasOf<13, 0, 2>, BiasOf<14, 0, 3>, BiasOf<15, 0, 4>,
                      Weights<18>, Weights<19>, Weights<20>, Weights<21>, Weights<22>, Weights<23>, Weights<24>, Weights<25>,
                      BiasOf<29, 0, 18>, BiasOf<30, 0, 19>, BiasOf<31, 0, 20>, BiasOf<32, 0, 21>,
                      Weights<40>, Weights<41>, Weights<42>, Weights<43>, Weights<44>, Weights<45>, Weights<46>, Weights<47>];
}

def TFL_RnnOp : TFL_RecurrentOp<"rnn"> {
  let summary = "one step of a layer of simple recurrent cells";
  let description = [{
    `h = activation(W x + R h + bias)`, and the output is h. The operands are the input [batch, n_input], W [n, n_input],
    R [n, n], the bias [n] and the state h [batch, n]. In float32 or hybrid (int8 weights; the rows of x and h are
    quantized as in `tfl.fully_connected`).
  }];
  let arguments = (ins Variadic<TFL_TensorOrNone>:$inputs,
    DefaultValuedAttr<StrAttr, "\"NONE\"">:$fused_activation_function,
    DefaultValuedAttr<BoolAttr, "false">:$asymmetric_quantize_inputs);
  let results = (outs TFL_Tensor:$output);
  let quantization = [HybridSince<3>, Weights<1>, Weights<2>, BiasOf<3, 0, 1>];
}

def TFL_UnidirectionalSequenceRnnOp : TFL_RecurrentOp<"unidirectional_sequence_rnn"> {
  let summary = "a layer of simple recurrent cells over a sequence";
  let description = [{
    `tfl.rnn` for each step of an input [batch, time, n_input], or [time, batch, n_input] with `time_major`.
  }];
  let arguments = (ins Variadic<TFL_TensorOrNone>:$inputs,
    DefaultValuedAttr<BoolAttr, "false">:$time_major,
    DefaultValuedAttr<StrAttr, "\"NONE\"">:$fused_activation_function,
    DefaultValuedAttr<BoolAttr, "false">:$asymmetric_quantize_inputs);
  let results = (outs TFL_Tensor:$output);
  let quantization = [HybridSince<3>, Weights<1>, Weights<2>, BiasOf<3, 0, 1>];
}

def TFL_BidirectionalSequenceRnnOp : TFL_RecurrentOp<"bidirectional_sequence_rnn"> {
  let summary = "two layers of simple recurrent cells over a sequence and its reverse";
  let description = [{
    `tfl.unidirectional_sequence_rnn` forward, and backward from the last step to the first; `merge_outputs` and the
    auxiliary input as in `tfl.bidirectional_sequence_lstm`. Two habits of the reference are kept: where the batch comes
    first, an auxiliary input without weights is not read at all; and where time comes first, a hybrid layer visits the
    whole sequence as often as it has steps, so that its states move on that often.
  }];
  let arguments = (ins Variadic<TFL_TensorOrNone>:$inputs,
    DefaultValuedAttr<BoolAttr, "false">:$time_major,
    DefaultValuedAttr<StrAttr, "\"NONE\"">:$fused_activation_function,
    DefaultValuedAttr<BoolAttr, "false">:$merge_outputs,
    DefaultValuedAttr<BoolAttr, "false">:$asymmetric_quantize_inputs);
  let results = (outs Variadic<TFL_Tensor>:$outputs);
  // No rule: int8 weights make the reference visit a time-major sequence too often.
}

def TFL_SvdfOp : TFL_RecurrentOp<"svdf"> {
  let summary = "a dense layer over time whose weights are products of vectors";
  let description = [{
    The operands are the input [batch, n_input], the weights of features [filters, n_input] and of time
    [filters, memory], the bias [units] and the state [batch, filters * memory]; filters = units * rank.

    ```
    the memory of each filter moves by one step to the left; its last element is F x
    out(u) = activation(sum over the filters f of unit u and over m of T(f, m) * state(f, m) + bias(u))
    hybrid (int8 weights): the rows of x are quantized as in `tfl.fully_connected`; T is dequantized
    int8 (int16 or int8 state and T; the activation is RELU, which the output's scale implies)
      last = sat(rescale<double>(F (x - zp(x)), scale(x) * scale(F) / scale(state)) + zp(state)), of the state's type
      out  = sat8(rescale<double>(sum of T * (state - zp(state)) + bias, scale(state) * scale(T) / scale(out)) + zp(out))
    ```
  }];
  let arguments = (ins Variadic<TFL_TensorOrNone>:$inputs,
    DefaultValuedAttr<I32Attr, "0">:$rank,
    DefaultValuedAttr<StrAttr, "\"NONE\"">:$fused_activation_function,
    DefaultValuedAttr<BoolAttr, "false">:$asymmetric_quantize_inputs);
  let results = (outs TFL_Tensor:$output);
  let quantization = [Int8Since<3>, HybridSince<4>, Weights<1>, ShortWeights<2>, BiasOf<3, 4, 2>, ProductState<4, 0, 1>,
                      OnlyRelu];
}

#endif

//===- RandomOps.td - numbers from a counter ---------------*- tablegen -*-===//
//
// Part of tflc, under the Apache License 2.0.
//
//===----------------------------------------------------------------------===//

#ifndef TFLC_TFL_RANDOM_OPS
#define TFLC_TFL_RANDOM_OPS

include "TFL/IR/State.td"
include "TFL/IR/TFLOpBase.td"

// Each op has a counter of 128 bits that an invocation moves on: it reads and writes state.
class TFL_RandomOp<string mnemonic> : TFL_Op<mnemonic, [MemoryEffects<[MemRead, MemWrite]>, TFL_InferShapes,
    TFL_HasState]> {
  string generator = [{
    Random bits are those of Philox-4x32-10 (Salmon et al., Parallel random numbers: as easy as 1, 2, 3; 2011): each value of
    the op's counter of 128 bits, under the key `seed`, gives four words of 32 bits. The upper half of the counter begins as
    `seed2`, the lower half as zero. The counter belongs to the op and keeps its value from one invocation to the next;
    a reset of the model sets it back. Where both seeds are zero the reference draws others at random; here the
    sequence is that of the seeds zero.
  }];
  let results = (outs TFL_Tensor:$output);
  let assemblyFormat = "operands attr-dict `:` functional-type(operands, results)";
  let hasVerifier = 1;
}

class TFL_RandomTensorOp<string mnemonic> : TFL_RandomOp<mnemonic> {
  let arguments = (ins TFL_Tensor:$shape, DefaultValuedAttr<I64Attr, "0">:$seed, DefaultValuedAttr<I64Attr, "0">:$seed2);
}

def TFL_RandomUniformOp : TFL_RandomTensorOp<"random_uniform"> {
  let summary = "equally distributed numbers in [0, 1)";
  let description = generator # [{
    Element i is made of word `i % 4` of counter value `i / 4`: the lower 23 bits divided by 2^23.

    ```mlir
    %y = tfl.random_uniform %shape {seed = 7 : i64, seed2 = 9 : i64} : (tensor<2xi32>) -> tensor<3x4xf32>
    ```
  }];
}

def TFL_RandomStandardNormalOp : TFL_RandomTensorOp<"random_standard_normal"> {
  let summary = "normally distributed numbers with mean 0 and deviation 1";
  let description = generator # [{
    With u and v, what `tfl.random_uniform` makes of two neighbouring words:
    the elements 2i and 2i + 1 are `sqrt(-2 log(max(u, 1e-7)))` times `sin(2 pi v)` and `cos(2 pi v)`.
  }];
}

def TFL_MultinomialOp : TFL_RandomOp<"multinomial"> {
  let summary = "classes drawn by their probabilities";
  let description = generator # [{
    Row b of the result holds `num_samples` classes, each drawn with a probability that is proportional to
    `exp(logits[b, class])`; a logit that is not finite stands for a probability of zero. With w0 and w1, the words
    2 (s % 2) and 2 (s % 2) + 1 of counter value s / 2, sample s of the tensor is the first class up to which the
    probabilities add to more than `((w0 & 0xfffff) 2^32 + w1) / 2^52` (of which the upper 24 bits are used here).
    An invocation moves the counter by `512 * batch * (num_samples rounded up to a multiple of 4)`.
  }];
  let arguments = (ins TFL_Tensor:$logits, TFL_Tensor:$num_samples, DefaultValuedAttr<I64Attr, "0">:$seed,
                       DefaultValuedAttr<I64Attr, "0">:$seed2);
}

#endif

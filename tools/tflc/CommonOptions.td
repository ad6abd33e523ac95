//===- CommonOptions.td - options of several subcommands -------*- tablegen -*-===//
//
// Part of tflc, under the Apache License 2.0.
//
// A subcommand's file includes this one, then instantiates the sets of options that it shares with
// others. The heading of a group stands above its options in --help.
//
//===----------------------------------------------------------------------===//

#ifndef TFLC_COMMON_OPTIONS
#define TFLC_COMMON_OPTIONS

include "llvm/Option/OptParser.td"

class LongFlag<string name, string help> : Flag<["--"], name>, HelpText<help>;

/// `--name=VALUE` and `--name VALUE`.
multiclass LongValue<string name, string metavar, string help> {
  def "" : Joined<["--"], name # "=">, MetaVarName<metavar>, HelpText<help>;
  def _separate : Separate<["--"], name>, Alias<!cast<Option>(NAME)>;
}

def help_short : Flag<["-"], "h">;
def help : LongFlag<"help", "print this page">, Alias<help_short>;

/// Which machine, and how much effort.
multiclass TargetOptions {
  def TargetGroup : OptionGroup<"3 target"> {
    let HelpText = "Target";
  }
  let Group = !cast<OptionGroup>(NAME # "TargetGroup") in {
    defm target : LongValue<"target", "NAME", "a machine that `tflc targets` lists (default: this one)">;
    defm triple : LongValue<"triple", "TRIPLE", "an LLVM target triple, for machines not in the list">;
    defm cpu : LongValue<"cpu", "CPU", "a CPU as LLVM names it">;
    defm features : LongValue<"features", "LIST", "CPU features to add or remove, as in +avx2,-fma">;
    def O : Joined<["-"], "O">, MetaVarName<"LEVEL">,
            HelpText<"0: plain loops, 1, 2 (default), 3: fastest, s: smallest">;
    def row_streaming : LongFlag<"row-streaming", "less memory: run chains of operators row by row (-Os always does)">;
  }
}

/// What the model is compiled for.
multiclass ShapeOptions {
  defm shape : LongValue<"shape", "NAME:DIMS", "fix the shape of an input, as in image:4x28x28 (repeatable)">;
}

/// Functions that the user links to the model.
multiclass CustomOptions {
  defm custom : LongValue<"custom", "NAME=FUNC", "make the custom operator NAME a call of the C function FUNC (repeatable)">;
}

/// How data become inputs of a model.
multiclass DataOptions {
  defm mean : LongValue<"mean", "NUMBERS", "subtract this from the data, one number or one for each channel">;
  defm scale : LongValue<"scale", "NUMBERS", "then multiply by this, as in 1/255">;
  def resize : LongFlag<"resize", "resize pictures to the size that the model takes">;
  defm labels : LongValue<"labels", "KEY", "the array with the right classes (default: labels)">;
  defm signature : LongValue<"signature", "KEY", "the signature of arrays that name none (default: the first)">;
}

/// How a model is quantized; `modeOption` names the mode.
multiclass RecipeOptions<string modeOption> {
  defm mode : LongValue<modeOption, "MODE", "float16, dynamic-range, int8, int8-io (int8 inputs and outputs) or int16x8">;
  defm io : LongValue<"io", "TYPE", "inputs and outputs: float (default), int8, uint8, int16; uint8,float for two">;
  def allow_float : LongFlag<"allow-float", "leave operators without a kernel in float">;
  defm recipe : LongValue<"recipe", "FILE", "take all that from a JSON file">;
  defm calibrate : LongValue<"calibrate", "DATA", ".npz with a leading axis of samples, or a folder (repeatable)">;
}

/// The finer points, which only the page of `tflc quantize` shows.
multiclass FineRecipeOptions<list<OptionFlag> flags> {
  let Flags = flags in {
    defm keep_float : LongValue<"keep-float", "REGEX", "leave such operators and tensors in float (repeatable)">;
    def equalize : LongFlag<"equalize", "make the channels between two layers equally wide">;
    def correct_biases : LongFlag<"correct-biases", "make up for the mean error of weights (needs data)">;
    def clip_weights : LongFlag<"clip-weights", "clip weights where that makes their error less">;
    defm weight_bits : LongValue<"weight-bits", "N", "8 (default), or 4 for weights that kernels take so">;
    defm block : LongValue<"block", "N", "weights of 4 bits that share a scale: 32, 64, 128, 256 (default: a channel)">;
    defm range : LongValue<"range", "METHOD", "minmax (default), moving-average, percentile=P, mse or entropy">;
  }
}

#endif

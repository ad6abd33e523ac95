//===- QuantizeOptions.td - options of tflc quantize -----------*- tablegen -*-===//
//
// Part of tflc, under the Apache License 2.0.
//
//===----------------------------------------------------------------------===//

include "CommonOptions.td"

def OutputGroup : OptionGroup<"1 output"> {
  let HelpText = "Output";
}
let Group = OutputGroup in {
  def o : JoinedOrSeparate<["-"], "o">, MetaVarName<"FILE">, HelpText<"the .tflite file to write">;
  defm mode : LongValue<"mode", "MODE", "float16, dynamic-range, int8, int8-io (--io=int8), int16x8">;
  defm io : LongValue<"io", "TYPE", "type of inputs and outputs: float (default), int8, uint8 or int16">;
  def allow_float : LongFlag<"allow-float", "leave operators without a kernel in float">;
  def clip_weights : LongFlag<"clip-weights", "clip weights where that makes their error less">;
  defm keep_float : LongValue<"keep-float", "REGEX", "leave such operators and tensors in float (repeatable)">;
  defm recipe : LongValue<"recipe", "FILE", "take all that from a JSON file">;
  defm write_recipe : LongValue<"write-recipe", "FILE", "write what was done as such a file">;
  def q : Flag<["-"], "q">, HelpText<"no summary">;
}
def DataGroup : OptionGroup<"2 data"> {
  let HelpText = "Data";
}
let Group = DataGroup in {
  defm calibrate : LongValue<"calibrate", "DATA", ".npz with a leading axis of samples, or a folder (repeatable)">;
  defm range : LongValue<"range", "METHOD", "minmax (default), moving-average, percentile=P, mse or entropy">;
  defm "" : DataOptions;
}

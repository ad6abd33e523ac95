//===- RunOptions.td - options of tflc run ---------------------*- tablegen -*-===//
//
// Part of tflc, under the Apache License 2.0.
//
//===----------------------------------------------------------------------===//

include "CommonOptions.td"

def DataGroup : OptionGroup<"1 data"> {
  let HelpText = "Data";
}
let Group = DataGroup in {
  defm inputs : LongValue<"inputs", "FILE", ".npz with an array for each input, under its name or number, or one .npy">;
  defm outputs : LongValue<"outputs", "FILE", ".npz to write (default: print the outputs)">;
  defm keys : LongValue<"keys", "KIND", "name arrays in the output by name (default) or index">;
  def samples : LongFlag<"samples", "inputs have one more axis in front: invoke once for each of its elements">;
  def reset : LongFlag<"reset", "with --samples: clear the model's variables before each">;
}
def ModelGroup : OptionGroup<"2 model"> {
  let HelpText = "Model";
}
let Group = ModelGroup in {
  defm threads : LongValue<"threads", "N", "compile for threads, and share long operators among so many">;
  defm signature : LongValue<"signature", "KEY", "which of the model's functions (default: the first)">;
  defm "" : ShapeOptions;
  defm "" : CustomOptions;
  defm link : LongValue<"link", "FILE", "an object, archive or shared library with functions of --custom (repeatable)">;
}
defm "" : TargetOptions;

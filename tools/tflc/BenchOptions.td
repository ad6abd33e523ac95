//===- BenchOptions.td - options of tflc bench -----------------*- tablegen -*-===//
//
// Part of tflc, under the Apache License 2.0.
//
//===----------------------------------------------------------------------===//

include "CommonOptions.td"

def MeasureGroup : OptionGroup<"1 measure"> {
  let HelpText = "Measurement";
}
let Group = MeasureGroup in {
  defm min_time : LongValue<"min-time", "SECONDS", "measure at least this long (default: 1)">;
  defm inputs : LongValue<"inputs", "FILE", ".npz or .npy with the inputs (default: random values)">;
  def per_op : LongFlag<"per-op", "the time of every fused operator, beside this machine's peak">;
  def json : LongFlag<"json", "print one JSON object">;
}
def ModelGroup : OptionGroup<"2 model"> {
  let HelpText = "Model";
}
let Group = ModelGroup in {
  defm threads : LongValue<"threads", "N", "compile for threads, and share long operators among so many">;
  defm signature : LongValue<"signature", "KEY", "which of the model's functions (default: the first)">;
  defm "" : ShapeOptions;
}
defm "" : TargetOptions;

//===- InspectOptions.td - options of tflc inspect -------------*- tablegen -*-===//
//
// Part of tflc, under the Apache License 2.0.
//
//===----------------------------------------------------------------------===//

include "CommonOptions.td"

def ShowGroup : OptionGroup<"1 show"> {
  let HelpText = "What to show";
}
let Group = ShowGroup in {
  def tensors : LongFlag<"tensors", "every tensor with type, shape and quantization">;
  def ops : LongFlag<"ops", "every operator with its inputs and options">;
  def arena : LongFlag<"arena", "compile and draw what lies where in the arena, and when">;
  def all : LongFlag<"all", "everything">;
  def json : LongFlag<"json", "print everything as one JSON object">;
}
def ModelGroup : OptionGroup<"2 model"> {
  let HelpText = "Model";
}
let Group = ModelGroup in {
  defm "" : ShapeOptions;
}
defm "" : TargetOptions;

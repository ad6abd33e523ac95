//===- CheckOptions.td - options of tflc check -----------------*- tablegen -*-===//
//
// Part of tflc, under the Apache License 2.0.
//
//===----------------------------------------------------------------------===//

include "CommonOptions.td"

def ReportGroup : OptionGroup<"1 report"> {
  let HelpText = "Limits";
}
let Group = ReportGroup in {
  defm flash : LongValue<"flash", "BYTES", "code and constants may have this many (default: the target's), as in 512K">;
  defm ram : LongValue<"ram", "BYTES", "arena and stack may have this many (default: the target's), as in 64K">;
  def json : LongFlag<"json", "print one JSON object">;
}
def ModelGroup : OptionGroup<"2 model"> {
  let HelpText = "Model";
}
let Group = ModelGroup in {
  defm "" : ShapeOptions;
  defm "" : CustomOptions;
}
defm "" : TargetOptions;

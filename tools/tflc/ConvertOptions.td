//===- ConvertOptions.td - options of tflc convert ---------*- tablegen -*-===//
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
  defm stop_after : LongValue<"stop-after", "PHASE",
      "print the module after import, inline, simplify, recognize or legalize">;
}

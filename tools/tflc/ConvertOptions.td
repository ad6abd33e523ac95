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
  defm signature : LongValue<"signature", "KEY", "convert this signature only (repeatable)">;
  defm custom : LongValue<"custom", "OP", "keep such operations as custom operators (repeatable)">;
  defm stop_after : LongValue<"stop-after", "PHASE",
      "print the module after import, inline, simplify, recognize or legalize">;
}
def InputGroup : OptionGroup<"2 inputs"> {
  let HelpText = "Inputs";
}
let Group = InputGroup in {
  defm "" : ShapeOptions;
}
def QuantizeGroup : OptionGroup<"3 quantization"> {
  let HelpText = "Quantization";
}
let Group = QuantizeGroup in {
  defm quantize : LongValue<"quantize", "MODE", "quantize as `tflc quantize --mode=MODE` does">;
  defm calibrate : LongValue<"calibrate", "DATA", "data for that (repeatable)">;
}

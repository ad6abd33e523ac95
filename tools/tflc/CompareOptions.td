//===- CompareOptions.td - options of tflc compare -------------*- tablegen -*-===//
//
// Part of tflc, under the Apache License 2.0.
//
//===----------------------------------------------------------------------===//

include "CommonOptions.td"

def OutputGroup : OptionGroup<"1 output"> {
  let HelpText = "Output";
}
let Group = OutputGroup in {
  def json : LongFlag<"json", "print one JSON object">;
  defm html : LongValue<"html", "FILE", "write a page with the table and histograms of the errors">;
}
def DataGroup : OptionGroup<"2 data"> {
  let HelpText = "Data";
}
let Group = DataGroup in {
  defm data : LongValue<"data", "DATA", ".npz with a leading axis of samples, or a folder (repeatable)">;
  defm "" : DataOptions;
}
def QuantizationGroup : OptionGroup<"4 quantization"> {
  let HelpText = "Instead of a second model the first one quantized, as by `tflc quantize`";
}
let Group = QuantizationGroup in {
  defm "" : RecipeOptions<"quantize">;
  defm "" : FineRecipeOptions<[HelpHidden]>;
}

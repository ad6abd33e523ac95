//===- EvaluateOptions.td - options of tflc evaluate -----------*- tablegen -*-===//
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
  defm html : LongValue<"html", "FILE", "write a page with the table and the confusions as pictures">;
  def confusion : LongFlag<"confusion", "print how often each class was taken for which">;
  defm top : LongValue<"top", "N", "also count samples whose class is among the N likeliest (default: 5)">;
}
def DataGroup : OptionGroup<"2 data"> {
  let HelpText = "Data";
}
let Group = DataGroup in {
  defm data : LongValue<"data", "DATA", ".npz with a leading axis of samples, and labels (repeatable)">;
  defm "" : DataOptions;
}
def QuantizationGroup : OptionGroup<"4 quantization"> {
  let HelpText = "The first model quantized, as by `tflc quantize`, too (--quantize is repeatable)";
}
let Group = QuantizationGroup in {
  defm "" : RecipeOptions<"quantize">;
  defm "" : FineRecipeOptions<[HelpHidden]>;
}

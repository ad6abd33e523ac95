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
  defm report : LongValue<"report", "FILE", "write a page about errors, sizes and time (needs data)">;
  defm write_recipe : LongValue<"write-recipe", "FILE", "write what was done as a file for --recipe">;
  def q : Flag<["-"], "q">, HelpText<"no summary">;
}
def HowGroup : OptionGroup<"2 how"> {
  let HelpText = "How";
}
let Group = HowGroup in {
  defm "" : RecipeOptions<"mode">;
  defm "" : FineRecipeOptions<[]>;
}
def SearchGroup : OptionGroup<"3 search"> {
  let HelpText = "Search, instead of --mode";
}
let Group = SearchGroup in {
  def auto : LongFlag<"auto", "find the cheapest form that is good enough">;
  defm metric : LongValue<"metric", "WHAT", "good at what: sqnr (default) or accuracy (needs labels)">;
  defm max_drop : LongValue<"max-drop", "SHARE", "of accuracy that may be lost, or of noise in the outputs (default: 1%)">;
  defm minimize : LongValue<"minimize", "WHAT", "time (default), size or ram">;
  defm target : LongValue<"target", "NAME", "search for this machine, as `tflc targets` lists it (time is estimated)">;
  defm budget : LongValue<"budget", "SECONDS", "begin no measurement after that time (default: 60s)">;
}
def DataGroup : OptionGroup<"4 data"> {
  let HelpText = "Data";
}
let Group = DataGroup in {
  defm data : LongValue<"data", "DATA", "what to measure with (default: the data to calibrate with; repeatable)">;
  defm "" : DataOptions;
}

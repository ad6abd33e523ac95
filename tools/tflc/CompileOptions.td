//===- CompileOptions.td - options of tflc compile -------------*- tablegen -*-===//
//
// Part of tflc, under the Apache License 2.0.
//
//===----------------------------------------------------------------------===//

include "CommonOptions.td"

def OutputGroup : OptionGroup<"1 output"> {
  let HelpText = "Output";
}
let Group = OutputGroup in {
  def o : JoinedOrSeparate<["-"], "o">, MetaVarName<"FOLDER">, HelpText<"where files go (default: the current folder)">;
  defm emit : LongValue<"emit", "KINDS",
      "of obj,header,lib,json (these by default),shared,asm,llvm,bc,mlir">;
  defm name : LongValue<"name", "IDENT", "begin file names and C symbols with it (default: the model's file name)">;
  defm stop_after : LongValue<"stop-after", "PHASE",
      "print the module after import, normalize, lower, schedule, bufferize or llvm">;
  def q : Flag<["-"], "q">, HelpText<"no summary">;
}
def ModelGroup : OptionGroup<"2 model"> {
  let HelpText = "Model";
}
let Group = ModelGroup in {
  defm "" : ShapeOptions;
  defm "" : CustomOptions;
  def threads : LongFlag<"threads", "functions take a parallel-for that shares long operators (docs/Threads.md)">;
  def dynamic : LongFlag<"dynamic", "keep unknown dimensions unknown until run time">;
}
defm "" : TargetOptions;
def QuantizationGroup : OptionGroup<"4 quantization"> {
  let HelpText = "Quantization; the other options of `tflc quantize` work, too";
}
let Group = QuantizationGroup in {
  defm "" : RecipeOptions<"quantize">;
  defm "" : FineRecipeOptions<[HelpHidden]>;
  defm "" : DataOptions;
}

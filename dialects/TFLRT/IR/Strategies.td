//===- Strategies.td - how a kernel runs -----------------------*- tablegen -*-===//
//
// Part of tflc, under the Apache License 2.0.
//
// One attribute for each form that a kernel's loop nest can take. docs/Scheduling.md explains the forms, and
// lib/Schedule/Nest/Strategy.h holds the same as structs. Numbers of loops are those of the kernel's nest, in which
// neighbouring loops that all operands walk as one are one (lib/Schedule/Nest/LoopNest.h).
//
//===----------------------------------------------------------------------===//

#ifndef TFLC_TFLRT_STRATEGIES
#define TFLC_TFLRT_STRATEGIES

include "TFLRT/IR/TFLRTBase.td"

def TFLRT_StrategyInterface : AttrInterface<"StrategyAttr"> {
  let cppNamespace = "::tflc::tflrt";
  let description = [{ How a kernel runs: what all forms have. }];
  let methods = [
    InterfaceMethod<"The loop along which vectors lie.", "int64_t", "getDim">,
    InterfaceMethod<"Elements of a vector.", "int64_t", "getLanes">,
    InterfaceMethod<"Iterations of each loop that one tile covers.", "::mlir::DenseI64ArrayAttr", "getTile">,
    InterfaceMethod<"Elements of the buffer that the kernel needs: of 16 bits, or columns that it packs.", "int64_t", "getScratch", (ins), "",
                    "return 0;">,
  ];
}

class TFLRT_Strategy<string name, string form, dag others> : AttrDef<TFLRT_Dialect, name, [TFLRT_StrategyInterface]> {
  let mnemonic = form;
  let parameters = !con((ins
    AttrParameter<"int64_t", "the loop along which vectors lie">:$dim,
    DefaultValuedParameter<"int64_t", "1", "elements of a vector">:$lanes,
    AttrParameter<"::mlir::DenseI64ArrayAttr", "iterations of each loop in a tile">:$tile), others);
  let assemblyFormat = "`<` struct(params) `>`";
  let genVerifyDecl = 1;
}

/// A contraction whose constant weights are stored in the order in which they are read.
class TFLRT_ContractionStrategy<string name, string form, dag others> : TFLRT_Strategy<name, form, !con((ins
    DefaultValuedParameter<"int64_t", "0", "the reduction's input that holds the weights">:$weights,
    AttrParameter<"int64_t", "the loop of the reduction that is grouped">:$along,
    DefaultValuedParameter<"int64_t", "1", "neighbours along it that are multiplied at once">:$group), others)>;

def TFLRT_VectorLoopsAttr : TFLRT_Strategy<"VectorLoops", "vector_loops", (ins)> {
  let summary = "vectors along a parallel loop; reductions are loops around them";
}

def TFLRT_NarrowLoopsAttr : TFLRT_Strategy<"NarrowLoops", "narrow_loops", (ins
    DefaultValuedParameter<"int64_t", "1", "neighbours whose channels are one run">:$joined)> {
  let summary = "vectors along a parallel loop, of bytes that are multiplied or added up in 16 bits";
}

def TFLRT_TapQuadsAttr : TFLRT_Strategy<"TapQuads", "tap_quads", (ins
    AttrParameter<"int64_t", "the loop of the window whose neighbours are multiplied together">:$along,
    DefaultValuedParameter<"int64_t", "1", "neighbours whose channels are one run">:$joined)> {
  let summary = "depthwise windows of bytes, four taps of a channel at once";
}

def TFLRT_TapsAttr : TFLRT_Strategy<"Taps", "taps", (ins
    DefaultValuedParameter<"bool", "false", "two taps are one product of pairs">:$pairs)> {
  let summary = "windows of one channel after the other, without vectors";
}

def TFLRT_ReductionAttr : TFLRT_Strategy<"Reduction", "reduction", (ins
    DefaultValuedParameter<"int64_t", "1", "independent parts of one sum">:$split)> {
  let summary = "vectors along a loop of the reduction, joined across lanes at the end";
}

def TFLRT_BroadcastAttr : TFLRT_ContractionStrategy<"Broadcast", "broadcast", (ins
    DefaultValuedParameter<"int64_t", "1", "independent parts of one sum">:$split,
    DefaultValuedParameter<"bool", "false", "bytes are extended to 16 bits before they are multiplied">:$widen,
    OptionalParameter<"::mlir::DenseI64ArrayAttr", "iterations of each loop of rows in a block">:$block,
    DefaultValuedParameter<"bool", "false", "columns are data, and packed when the kernel runs">:$packs,
    DefaultValuedParameter<"int64_t", "0", "elements of the extended rows of a block, or of the packed columns">:$scratch)> {
  let summary = "groups of a row, broadcast to all lanes, times vectors of columns";
}

def TFLRT_RowLanesAttr : TFLRT_ContractionStrategy<"RowLanes", "row_lanes", (ins
    DefaultValuedParameter<"int64_t", "1", "groups of a row that one load brings">:$row_groups,
    DefaultValuedParameter<"int64_t", "1", "independent parts of one sum">:$split,
    DefaultValuedParameter<"bool", "false", "bytes are extended to 16 bits before they are multiplied">:$widen,
    DefaultValuedParameter<"int64_t", "1", "lanes of the epilogue's vectors">:$epilogue_lanes)> {
  let summary = "one lane of a vector of a row times vectors of columns";
}

def TFLRT_AcrossLanesAttr : TFLRT_ContractionStrategy<"AcrossLanes", "across_lanes", (ins
    DefaultValuedParameter<"bool", "false", "bytes are extended to 16 bits before they are multiplied">:$widen,
    DefaultValuedParameter<"int64_t", "1", "lanes of the epilogue's vectors">:$epilogue_lanes)> {
  let summary = "a row and a column, element by element; the lanes of a sum are added at the end";
}

def TFLRT_RowPairsAttr : TFLRT_ContractionStrategy<"RowPairs", "row_pairs", (ins
    DefaultValuedParameter<"int64_t", "1", "lanes of the epilogue's vectors">:$epilogue_lanes)> {
  let summary = "two rows times two columns, as an instruction for matrices multiplies them";
}

def TFLRT_TileRegistersAttr : TFLRT_ContractionStrategy<"TileRegisters", "tile_registers", (ins
    OptionalParameter<"::mlir::DenseI64ArrayAttr", "iterations of each loop of rows in a block">:$block,
    DefaultValuedParameter<"int64_t", "0", "elements of the sums on their way to the epilogue">:$scratch)> {
  let summary = "up to 16 rows times 16 columns in tile registers";
}

def TFLRT_QuadRunsAttr : TFLRT_ContractionStrategy<"QuadRuns", "quad_runs", (ins
    OptionalParameter<"::mlir::DenseI64ArrayAttr", "iterations of each loop of rows in a block">:$block,
    DefaultValuedParameter<"int64_t", "0", "elements of the extended rows of a block">:$scratch)> {
  let summary = "runs of four bytes, as the DSP extension multiplies them";
}

def TFLRT_BytePairsAttr : TFLRT_ContractionStrategy<"BytePairs", "byte_pairs", (ins)> {
  let summary = "one row of bytes, multiplied in pairs whose sums fit 16 bits";
}

def TFLRT_WinogradAttr : TFLRT_ContractionStrategy<"Winograd", "winograd", (ins
    AttrParameter<"int64_t", "lines of results in a patch">:$lines,
    AttrParameter<"int64_t", "pixels of each">:$pixels,
    AttrParameter<"int64_t", "patches that are multiplied at once">:$rows,
    AttrParameter<"int64_t", "patches whose inputs are transformed together">:$patches,
    AttrParameter<"int64_t", "columns whose weights are transformed together">:$columns,
    AttrParameter<"int64_t", "channels whose weights are transformed together">:$channels,
    DefaultValuedParameter<"bool", "false", "the loop over columns goes around that over patches">:$weights_first,
    AttrParameter<"int64_t", "elements of what is transformed">:$scratch)> {
  let summary = "3x3 windows with fewer products";
}

#endif

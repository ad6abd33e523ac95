//===- KernelCases.cpp - a kernel in each form ----------------------------===//
//
// Part of tflc, under the Apache License 2.0.
//
//===----------------------------------------------------------------------===//

#include "KernelCases.h"

#include "TFLRT/IR/TFLRTDialect.h"

#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/Func/IR/FuncOps.h"
#include "mlir/Dialect/LLVMIR/LLVMDialect.h"
#include "mlir/Dialect/Linalg/IR/Linalg.h"
#include "mlir/Dialect/MemRef/IR/MemRef.h"
#include "mlir/Dialect/SCF/IR/SCF.h"
#include "mlir/Dialect/Vector/IR/VectorOps.h"
#include "mlir/Parser/Parser.h"
#include "llvm/ADT/StringExtras.h"
#include "llvm/Support/FormatVariadic.h"

using namespace mlir;
using namespace tflc;

namespace {

constexpr const char *maps = R"(
#xy = affine_map<(x, y) -> (x, y)>
#xk = affine_map<(x, y, k) -> (x, k)>
#yk = affine_map<(x, y, k) -> (y, k)>
#xy3 = affine_map<(x, y, k) -> (x, y)>
#window = affine_map<(x, y, t) -> (x + t, y)>
#tap = affine_map<(x, y, t) -> (t, y)>
#x = affine_map<(x, k) -> (x)>
#k = affine_map<(x, k) -> (k)>
#row = affine_map<(x, k) -> (x, k)>
#x1 = affine_map<(x) -> (x)>
#image = affine_map<(h, w, n, i, j, c) -> (h + i, w + j, c)>
#filter = affine_map<(h, w, n, i, j, c) -> (n, i, j, c)>
#result = affine_map<(h, w, n, i, j, c) -> (h, w, n)>
#hwn = affine_map<(h, w, n) -> (h, w, n)>
#bxk = affine_map<(b, x, y, k) -> (b, x, k)>
#byk = affine_map<(b, x, y, k) -> (b, y, k)>
#bxy = affine_map<(b, x, y, k) -> (b, x, y)>
)";

/// Sums of products of bytes, with a residual: what the loops of the sums are over.
struct ByteProducts {
  const char *rows, *weights, *results; ///< shapes
  const char *sumMaps, *resultMap;      ///< names of maps
  unsigned parallelLoops, reductionLoops;
};

std::string iterators(unsigned parallel, unsigned reduction) {
  SmallVector<StringRef> names(parallel, "\"parallel\"");
  names.append(reduction, "\"reduction\"");
  return "[" + llvm::join(names, ", ") + "]";
}

std::string makeKernel(const ByteProducts &products) {
  // 0: rows, 1: weights, 2: results, 3: maps of the sums, 4: map of a result, 5, 6: iterators
  return llvm::formatv(R"(
memref.global "private" constant @w : memref<{1}xi8> = dense<3>
func.func @main(%x: memref<{0}xi8>, %residual: memref<{2}xi8>, %out: memref<{2}xi8>$SCRATCH) {{
  %zero = arith.constant 0 : i32
  %w = memref.get_global @w : memref<{1}xi8>
  tflrt.kernel $STRATEGY {{
    %sum = memref.alloc() : memref<{2}xi32>
    linalg.fill ins(%zero : i32) outs(%sum : memref<{2}xi32>)
    linalg.generic {{indexing_maps = [{3}], iterator_types = {5}}
        ins(%x, %w : memref<{0}xi8>, memref<{1}xi8>) outs(%sum : memref<{2}xi32>) {{
    ^bb0(%a: i8, %b: i8, %s: i32):
      %a32 = arith.extsi %a : i8 to i32
      %b32 = arith.extsi %b : i8 to i32
      %p = arith.muli %a32, %b32 : i32
      %r = arith.addi %s, %p : i32
      linalg.yield %r : i32
    }
    linalg.generic {{indexing_maps = [{4}, {4}, {4}], iterator_types = {6}}
        ins(%sum, %residual : memref<{2}xi32>, memref<{2}xi8>) outs(%out : memref<{2}xi8>) {{
    ^bb0(%s: i32, %b: i8, %o: i8):
      %b32 = arith.extsi %b : i8 to i32
      %t = arith.addi %s, %b32 : i32
      %r = arith.trunci %t : i32 to i8
      linalg.yield %r : i8
    }
  }
  return
})",
                       products.rows, products.weights, products.results, products.sumMaps,
                       products.resultMap,
                       iterators(products.parallelLoops, products.reductionLoops),
                       iterators(products.parallelLoops, 0));
}

/// Twice 13 rows times 20 columns that are data, 24 products of words each.
std::string batches() {
  return R"(
func.func @main(%x: memref<2x13x24xi16>, %residual: memref<2x13x20xi32>, %out: memref<2x13x20xi32>$SCRATCH) {
  %zero = arith.constant 0 : i32
  %columns = memref.alloc() : memref<2x20x24xi16>
  tflrt.kernel $STRATEGY {
    %sum = memref.alloc() : memref<2x13x20xi32>
    linalg.fill ins(%zero : i32) outs(%sum : memref<2x13x20xi32>)
    linalg.generic {indexing_maps = [#bxk, #byk, #bxy],
        iterator_types = ["parallel", "parallel", "parallel", "reduction"]}
        ins(%x, %columns : memref<2x13x24xi16>, memref<2x20x24xi16>) outs(%sum : memref<2x13x20xi32>) {
    ^bb0(%a: i16, %b: i16, %s: i32):
      %a32 = arith.extsi %a : i16 to i32
      %b32 = arith.extsi %b : i16 to i32
      %p = arith.muli %a32, %b32 : i32
      %r = arith.addi %s, %p : i32
      linalg.yield %r : i32
    }
    linalg.generic {indexing_maps = [#hwn, #hwn, #hwn], iterator_types = ["parallel", "parallel", "parallel"]}
        ins(%sum, %residual : memref<2x13x20xi32>, memref<2x13x20xi32>) outs(%out : memref<2x13x20xi32>) {
    ^bb0(%s: i32, %b: i32, %o: i32):
      %r = arith.addi %s, %b : i32
      linalg.yield %r : i32
    }
  }
  return
})";
}

/// Rows times columns: 13 rows, 20 columns, 24 products each.
std::string product() {
  return makeKernel({"13x24", "20x24", "13x20", "#xk, #yk, #xy3", "#xy", 2, 1});
}
/// One row of bytes times 20 columns.
std::string singleRow() { return makeKernel({"24", "20x24", "20", "#k, #row, #x", "#x1", 1, 1}); }
/// Windows of three pixels of 20 channels each.
std::string depthwise() {
  return makeKernel({"15x20", "3x20", "13x20", "#window, #tap, #xy3", "#xy", 2, 1});
}
/// Windows of 3x3 pixels with eight channels, 4 x 8 results of eight columns.
std::string convolution() {
  return makeKernel({"6x10x8", "8x3x3x8", "4x8x8", "#image, #filter, #result", "#hwn", 3, 3});
}

/// Sums of rows.
std::string rowSums() {
  return R"(
func.func @main(%x: memref<13x24xf32>, %residual: memref<13xf32>, %out: memref<13xf32>$SCRATCH) {
  %zero = arith.constant 0.0 : f32
  tflrt.kernel $STRATEGY {
    %sum = memref.alloc() : memref<13xf32>
    linalg.fill ins(%zero : f32) outs(%sum : memref<13xf32>)
    linalg.generic {indexing_maps = [#row, #x], iterator_types = ["parallel", "reduction"]}
        ins(%x : memref<13x24xf32>) outs(%sum : memref<13xf32>) {
    ^bb0(%a: f32, %s: f32):
      %r = arith.addf %s, %a : f32
      linalg.yield %r : f32
    }
    linalg.generic {indexing_maps = [#x1, #x1, #x1], iterator_types = ["parallel"]}
        ins(%sum, %residual : memref<13xf32>, memref<13xf32>) outs(%out : memref<13xf32>) {
    ^bb0(%s: f32, %b: f32, %o: f32):
      %r = arith.addf %s, %b : f32
      linalg.yield %r : f32
    }
  }
  return
})";
}
/// Elementwise: nothing is summed up.
std::string elementwise() {
  return R"(
func.func @main(%x: memref<13x20xi32>, %residual: memref<13x20xi32>, %out: memref<13x20xi32>$SCRATCH) {
  tflrt.kernel $STRATEGY {
    linalg.generic {indexing_maps = [#xy, #xy, #xy], iterator_types = ["parallel", "parallel"]}
        ins(%x, %residual : memref<13x20xi32>, memref<13x20xi32>) outs(%out : memref<13x20xi32>) {
    ^bb0(%a: i32, %b: i32, %o: i32):
      %r = arith.addi %a, %b : i32
      linalg.yield %r : i32
    }
  }
  return
})";
}
constexpr const char *avx2 =
    R"(vector_bits = 256, vector_registers = 16, dot = "maddwd", lookup = "pshufb")";
constexpr const char *amx =
    R"(vector_bits = 512, vector_registers = 32, dot = "vnni512", lookup = "vpermi2b")";
constexpr const char *vnni =
    R"(vector_bits = 256, vector_registers = 16, dot = "avxvnniint8", lookup = "pshufb")";
constexpr const char *neon =
    R"(vector_bits = 128, vector_registers = 32, dot = "smmla", lookup = "tbl")";
constexpr const char *mve =
    R"(vector_bits = 128, vector_registers = 8, dot = "mve", extends_alternate_lanes = true)";
constexpr const char *dsp = R"(vector_bits = 0, dot = "smlad")";
constexpr const char *wide = R"(vector_bits = 0, pointer_bits = 64)";

const KernelCase cases[] = {
    {"VectorLoops", elementwise, avx2, "#tflrt.vector_loops<dim = 0, lanes = 8, tile = [32]>"},
    {"VectorLoopsReduction", depthwise, neon,
     "#tflrt.vector_loops<dim = 1, lanes = 4, tile = [3, 8, 3]>"},
    {"NarrowLoops", depthwise, neon, "#tflrt.narrow_loops<dim = 1, lanes = 8, tile = [4, 8, 3]>"},
    {"AlternateLanes", depthwise, mve, "#tflrt.narrow_loops<dim = 1, lanes = 8, tile = [2, 8, 3]>"},
    {"TapPairs", depthwise, avx2, "#tflrt.narrow_loops<dim = 1, lanes = 16, tile = [4, 16, 3]>"},
    {"TapQuads", depthwise, vnni,
     "#tflrt.tap_quads<dim = 1, lanes = 16, tile = [4, 16, 3], along = 2>"},
    {"Taps", depthwise, dsp, "#tflrt.taps<dim = 1, tile = [2, 1, 3], pairs = true>"},
    {"Reduction", rowSums, avx2, "#tflrt.reduction<dim = 1, lanes = 8, tile = [2, 16], split = 2>"},
    {"Broadcast", product, avx2,
     "#tflrt.broadcast<dim = 1, lanes = 8, tile = [3, 16, 4], weights = 1, along = 2, group = 2, "
     "widen = true>"},
    {"BroadcastBlocks", product, avx2,
     "#tflrt.broadcast<dim = 1, lanes = 8, tile = [3, 16, 4], weights = 1, along = 2, group = 2, "
     "widen = true, block = [6, 1, 1], scratch = 144>",
     144},
    {"ColumnPairs", product, wide,
     "#tflrt.broadcast<dim = 1, tile = [3, 5, 4], weights = 1, along = 2>"},
    {"PackedData", batches, avx2,
     "#tflrt.broadcast<dim = 2, lanes = 8, tile = [1, 3, 16, 4], weights = 1, along = 3, "
     "group = 2, block = [1, 13, 1, 1], packs = true, scratch = 576>",
     576},
    {"ScalarSums", product, mve,
     "#tflrt.broadcast<dim = 1, tile = [3, 4, 16], weights = 1, along = 2, group = 16>"},
    {"RowLanes", product, neon,
     "#tflrt.row_lanes<dim = 1, lanes = 4, tile = [3, 8, 16], weights = 1, along = 2, group = 4, "
     "row_groups = 4, epilogue_lanes = 16>"},
    {"AcrossLanes", product, neon,
     "#tflrt.across_lanes<dim = 1, lanes = 4, tile = [2, 4, 8], weights = 1, along = 2, group = 8, "
     "epilogue_lanes = 16>"},
    {"RowPairs", product, neon,
     "#tflrt.row_pairs<dim = 1, lanes = 4, tile = [3, 8, 16], weights = 1, along = 2, group = 8, "
     "epilogue_lanes = 16>"},
    {"TileRegisters", product, amx,
     "#tflrt.tile_registers<dim = 1, lanes = 16, tile = [10, 16, 24], weights = 1, along = 2, "
     "group = 4, scratch = 320>",
     320},
    {"QuadRuns", product, dsp,
     "#tflrt.quad_runs<dim = 1, tile = [3, 2, 8], weights = 1, along = 2, group = 4>"},
    {"QuadRunsBlocks", product, dsp,
     "#tflrt.quad_runs<dim = 1, tile = [3, 2, 8], weights = 1, along = 2, group = 4, "
     "block = [6, 1, 1], scratch = 147>",
     147},
    {"BytePairs", singleRow, avx2,
     "#tflrt.byte_pairs<dim = 0, lanes = 8, tile = [16, 4], weights = 1, along = 1, group = 4>"},
    {"Winograd", convolution, avx2,
     "#tflrt.winograd<dim = 2, lanes = 8, tile = [2, 4, 8, 1, 1], weights = 1, along = 4, "
     "group = 2, lines = 2, pixels = 4, rows = 1, patches = 2, columns = 8, channels = 8, "
     "scratch = 65536>",
     65536},
};

} // namespace

llvm::ArrayRef<KernelCase> tflc::getKernelCases() { return cases; }

void tflc::loadKernelDialects(MLIRContext &context) {
  context.loadDialect<arith::ArithDialect, func::FuncDialect, linalg::LinalgDialect,
                      LLVM::LLVMDialect, memref::MemRefDialect, scf::SCFDialect,
                      vector::VectorDialect, tflrt::TFLRTDialect>();
}

OwningOpRef<ModuleOp> tflc::parseKernel(const KernelCase &test, MLIRContext &context) {
  std::string scratchType = "memref<" + std::to_string(test.scratch) + "xi16>";
  std::string text = test.kernel(), strategy = test.strategy;
  auto replace = [&](StringRef name, const std::string &by) {
    text.replace(text.find(name.data()), name.size(), by);
  };
  replace("$SCRATCH", test.scratch ? ", %scratch: " + scratchType : "");
  replace("$STRATEGY", strategy + (test.scratch ? " scratch(%scratch : " + scratchType + ")" : ""));
  text =
      std::string(maps) + "module attributes {tflc.target = {" + test.target + "}} {" + text + "}";
  return parseSourceString<ModuleOp>(text, &context);
}

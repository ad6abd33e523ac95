//===- TileOrderTest.cpp - TileOrder against emitted kernels --------------===//
//
// Part of tflc, under the Apache License 2.0.
//
// Emits a kernel in each form, follows its loads and stores, and compares them with what TileOrder
// promises: results are stored in its order; what a tile's sums read is read before its first
// store; and an epilogue reads no element whose place has been stored to.
//
//===----------------------------------------------------------------------===//

#include "Schedule/Nest/TileOrder.h"
#include "AccessLog.h"

#include "tflc/Schedule/Passes.h"

#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/LLVMIR/LLVMDialect.h"
#include "mlir/Dialect/Linalg/IR/Linalg.h"
#include "mlir/Dialect/MemRef/IR/MemRef.h"
#include "mlir/Dialect/SCF/IR/SCF.h"
#include "mlir/Dialect/Vector/IR/VectorOps.h"
#include "mlir/Parser/Parser.h"
#include "mlir/Pass/PassManager.h"

#include "gtest/gtest.h"

using namespace mlir;
using namespace tflc;

namespace {

/// A kernel of the function @main(%x, %residual, %out, ...): argument 0 is read by the sums,
/// argument 1 by the epilogue, which has the layout of argument 2, the output.
struct Case {
  const char *name;
  const char *kernel; ///< of the kinds below
  const char *target; ///< entries of tflc.target
  const char *strategy;
  int64_t scratch = 0; ///< elements of the kernel's buffer
};

constexpr const char *maps = R"(
#xy = affine_map<(x, y) -> (x, y)>
#xk = affine_map<(x, y, k) -> (x, k)>
#yk = affine_map<(x, y, k) -> (y, k)>
#xy3 = affine_map<(x, y, k) -> (x, y)>
#window = affine_map<(x, y, t) -> (x + t, y)>
#tap = affine_map<(x, y, t) -> (t, y)>
#x = affine_map<(x, k) -> (x)>
#row = affine_map<(x, k) -> (x, k)>
#x1 = affine_map<(x) -> (x)>
#image = affine_map<(h, w, n, i, j, c) -> (h + i, w + j, c)>
#filter = affine_map<(h, w, n, i, j, c) -> (n, i, j, c)>
#result = affine_map<(h, w, n, i, j, c) -> (h, w, n)>
#hwn = affine_map<(h, w, n) -> (h, w, n)>
)";

/// Rows times columns: 13 rows, 20 columns, 24 products each; bytes, with a residual.
constexpr const char *product = R"(
memref.global "private" constant @w : memref<20x24xi8> = dense<3>
func.func @main(%x: memref<13x24xi8>, %residual: memref<13x20xi8>, %out: memref<13x20xi8>$SCRATCH) {
  %zero = arith.constant 0 : i32
  %w = memref.get_global @w : memref<20x24xi8>
  tflrt.kernel $STRATEGY {
    %sum = memref.alloc() : memref<13x20xi32>
    linalg.fill ins(%zero : i32) outs(%sum : memref<13x20xi32>)
    linalg.generic {indexing_maps = [#xk, #yk, #xy3], iterator_types = ["parallel", "parallel", "reduction"]}
        ins(%x, %w : memref<13x24xi8>, memref<20x24xi8>) outs(%sum : memref<13x20xi32>) {
    ^bb0(%a: i8, %b: i8, %s: i32):
      %a32 = arith.extsi %a : i8 to i32
      %b32 = arith.extsi %b : i8 to i32
      %p = arith.muli %a32, %b32 : i32
      %r = arith.addi %s, %p : i32
      linalg.yield %r : i32
    }
    linalg.generic {indexing_maps = [#xy, #xy, #xy], iterator_types = ["parallel", "parallel"]}
        ins(%sum, %residual : memref<13x20xi32>, memref<13x20xi8>) outs(%out : memref<13x20xi8>) {
    ^bb0(%s: i32, %b: i8, %o: i8):
      %b32 = arith.extsi %b : i8 to i32
      %t = arith.addi %s, %b32 : i32
      %r = arith.trunci %t : i32 to i8
      linalg.yield %r : i8
    }
  }
  return
})";

/// One row of bytes times 20 columns.
constexpr const char *singleRow = R"(
#k = affine_map<(x, k) -> (k)>
memref.global "private" constant @w : memref<20x24xi8> = dense<3>
func.func @main(%x: memref<24xi8>, %residual: memref<20xi8>, %out: memref<20xi8>$SCRATCH) {
  %zero = arith.constant 0 : i32
  %w = memref.get_global @w : memref<20x24xi8>
  tflrt.kernel $STRATEGY {
    %sum = memref.alloc() : memref<20xi32>
    linalg.fill ins(%zero : i32) outs(%sum : memref<20xi32>)
    linalg.generic {indexing_maps = [#k, #row, #x], iterator_types = ["parallel", "reduction"]}
        ins(%x, %w : memref<24xi8>, memref<20x24xi8>) outs(%sum : memref<20xi32>) {
    ^bb0(%a: i8, %b: i8, %s: i32):
      %a32 = arith.extsi %a : i8 to i32
      %b32 = arith.extsi %b : i8 to i32
      %p = arith.muli %a32, %b32 : i32
      %r = arith.addi %s, %p : i32
      linalg.yield %r : i32
    }
    linalg.generic {indexing_maps = [#x1, #x1, #x1], iterator_types = ["parallel"]}
        ins(%sum, %residual : memref<20xi32>, memref<20xi8>) outs(%out : memref<20xi8>) {
    ^bb0(%s: i32, %b: i8, %o: i8):
      %b32 = arith.extsi %b : i8 to i32
      %t = arith.addi %s, %b32 : i32
      %r = arith.trunci %t : i32 to i8
      linalg.yield %r : i8
    }
  }
  return
})";

/// Windows of three pixels of 20 channels each.
constexpr const char *depthwise = R"(
memref.global "private" constant @w : memref<3x20xi8> = dense<3>
func.func @main(%x: memref<15x20xi8>, %residual: memref<13x20xi8>, %out: memref<13x20xi8>$SCRATCH) {
  %zero = arith.constant 0 : i32
  %w = memref.get_global @w : memref<3x20xi8>
  tflrt.kernel $STRATEGY {
    %sum = memref.alloc() : memref<13x20xi32>
    linalg.fill ins(%zero : i32) outs(%sum : memref<13x20xi32>)
    linalg.generic {indexing_maps = [#window, #tap, #xy3], iterator_types = ["parallel", "parallel", "reduction"]}
        ins(%x, %w : memref<15x20xi8>, memref<3x20xi8>) outs(%sum : memref<13x20xi32>) {
    ^bb0(%a: i8, %b: i8, %s: i32):
      %a32 = arith.extsi %a : i8 to i32
      %b32 = arith.extsi %b : i8 to i32
      %p = arith.muli %a32, %b32 : i32
      %r = arith.addi %s, %p : i32
      linalg.yield %r : i32
    }
    linalg.generic {indexing_maps = [#xy, #xy, #xy], iterator_types = ["parallel", "parallel"]}
        ins(%sum, %residual : memref<13x20xi32>, memref<13x20xi8>) outs(%out : memref<13x20xi8>) {
    ^bb0(%s: i32, %b: i8, %o: i8):
      %b32 = arith.extsi %b : i8 to i32
      %t = arith.addi %s, %b32 : i32
      %r = arith.trunci %t : i32 to i8
      linalg.yield %r : i8
    }
  }
  return
})";

/// Sums of rows.
constexpr const char *rowSums = R"(
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

/// Elementwise: nothing is summed up.
constexpr const char *elementwise = R"(
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

/// Windows of 3x3 pixels with eight channels, 4 x 8 results of eight columns.
constexpr const char *convolution = R"(
memref.global "private" constant @w : memref<8x3x3x8xi8> = dense<3>
func.func @main(%x: memref<6x10x8xi8>, %residual: memref<4x8x8xi8>, %out: memref<4x8x8xi8>$SCRATCH) {
  %zero = arith.constant 0 : i32
  %w = memref.get_global @w : memref<8x3x3x8xi8>
  tflrt.kernel $STRATEGY {
    %sum = memref.alloc() : memref<4x8x8xi32>
    linalg.fill ins(%zero : i32) outs(%sum : memref<4x8x8xi32>)
    linalg.generic {indexing_maps = [#image, #filter, #result],
        iterator_types = ["parallel", "parallel", "parallel", "reduction", "reduction", "reduction"]}
        ins(%x, %w : memref<6x10x8xi8>, memref<8x3x3x8xi8>) outs(%sum : memref<4x8x8xi32>) {
    ^bb0(%a: i8, %b: i8, %s: i32):
      %a32 = arith.extsi %a : i8 to i32
      %b32 = arith.extsi %b : i8 to i32
      %p = arith.muli %a32, %b32 : i32
      %r = arith.addi %s, %p : i32
      linalg.yield %r : i32
    }
    linalg.generic {indexing_maps = [#hwn, #hwn, #hwn], iterator_types = ["parallel", "parallel", "parallel"]}
        ins(%sum, %residual : memref<4x8x8xi32>, memref<4x8x8xi8>) outs(%out : memref<4x8x8xi8>) {
    ^bb0(%s: i32, %b: i8, %o: i8):
      %b32 = arith.extsi %b : i8 to i32
      %t = arith.addi %s, %b32 : i32
      %r = arith.trunci %t : i32 to i8
      linalg.yield %r : i8
    }
  }
  return
})";

constexpr const char *avx2 =
    R"(vector_bits = 256, vector_registers = 16, dot = "maddwd", lookup = "pshufb")";
constexpr const char *amx =
    R"(vector_bits = 512, vector_registers = 32, dot = "vnni512", lookup = "vpermi2b")";
constexpr const char *neon =
    R"(vector_bits = 128, vector_registers = 32, dot = "smmla", lookup = "tbl")";
constexpr const char *dsp = R"(vector_bits = 0, dot = "smlad")";

const Case cases[] = {
    {"VectorLoops", elementwise, avx2, "#tflrt.vector_loops<dim = 0, lanes = 8, tile = [32]>"},
    {"VectorLoopsReduction", depthwise, neon,
     "#tflrt.vector_loops<dim = 1, lanes = 4, tile = [3, 8, 3]>"},
    {"NarrowLoops", depthwise, neon, "#tflrt.narrow_loops<dim = 1, lanes = 8, tile = [4, 8, 3]>"},
    {"TapPairs", depthwise, avx2, "#tflrt.narrow_loops<dim = 1, lanes = 16, tile = [4, 16, 3]>"},
    {"Taps", depthwise, dsp, "#tflrt.taps<dim = 1, tile = [2, 1, 3], pairs = true>"},
    {"Reduction", rowSums, avx2, "#tflrt.reduction<dim = 1, lanes = 8, tile = [2, 16], split = 2>"},
    {"Broadcast", product, avx2,
     "#tflrt.broadcast<dim = 1, lanes = 8, tile = [3, 16, 4], weights = 1, along = 2, group = 2, "
     "widen = true>"},
    {"BroadcastBlocks", product, avx2,
     "#tflrt.broadcast<dim = 1, lanes = 8, tile = [3, 16, 4], weights = 1, along = 2, group = 2, "
     "widen = true, block = [6, 1, 1], scratch = 144>",
     144},
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
    {"BytePairs", singleRow, avx2,
     "#tflrt.byte_pairs<dim = 0, lanes = 8, tile = [16, 4], weights = 1, along = 1, group = 4>"},
    {"Winograd", convolution, avx2,
     "#tflrt.winograd<dim = 2, lanes = 8, tile = [2, 4, 8, 1, 1], weights = 1, along = 4, "
     "group = 2, lines = 2, pixels = 4, rows = 1, patches = 2, columns = 8, channels = 8, "
     "scratch = 65536>",
     65536},
};

class TileOrderTest : public testing::TestWithParam<Case> {
protected:
  TileOrderTest() {
    context.loadDialect<arith::ArithDialect, func::FuncDialect, linalg::LinalgDialect,
                        LLVM::LLVMDialect, memref::MemRefDialect, scf::SCFDialect,
                        vector::VectorDialect, tflrt::TFLRTDialect>();
  }

  void SetUp() override;
  /// The results in the order that TileOrder gives, tile by tile.
  void listResults(const LoopNest &nest, const Strategy &strategy);
  static int64_t addressOf(const LinearAccess &access, ArrayRef<int64_t> at);

  MLIRContext context;
  OwningOpRef<ModuleOp> module;
  AccessLog log;
  SmallVector<int64_t> results;   // addresses of elements
  SmallVector<size_t> tileEnds;   // how many results there are behind each tile
  SmallVector<int64_t> leastRead; // the first element that any later tile's sums read
  int64_t resultBytes = 1, readBytes = 1;
  bool hasSums = false;
};

} // namespace

int64_t TileOrderTest::addressOf(const LinearAccess &access, ArrayRef<int64_t> at) {
  int64_t address = access.offset;
  for (auto [coefficient, variable] : llvm::zip_equal(access.coefficients, at))
    address += coefficient * variable;
  return address;
}

void TileOrderTest::listResults(const LoopNest &nest, const Strategy &strategy) {
  const LinearAccess &output = nest.last().output;
  const LinearAccess &rows = (nest.reduction ? *nest.reduction : *nest.epilogue).inputs[0];
  hasSums = nest.reduction.has_value();
  resultBytes = output.elementType.getIntOrFloatBitWidth() / 8;
  readBytes = rows.elementType.getIntOrFloatBitWidth() / 8;
  TileOrder order(nest, strategy);
  order.forEachTile([&](const LoopBox &tile) {
    leastRead.push_back(addressOf(rows, tile.origin)); // no coefficient here is negative
    order.forEachVector(tile.extent, [&](ArrayRef<int64_t> place, int64_t elements) {
      SmallVector<int64_t> at(tile.origin);
      for (auto [variable, by] : llvm::zip_equal(at, place))
        variable += by;
      for (int64_t i = 0; i < elements; ++i)
        results.push_back(addressOf(output, at) + i * output.coefficients[strategy.vectorDim]);
    });
    tileEnds.push_back(results.size());
  });
  // Of each tile: what those behind it read.
  int64_t least = std::numeric_limits<int64_t>::max();
  for (int64_t &read : llvm::reverse(leastRead))
    read = std::exchange(least, std::min(least, read));
}

void TileOrderTest::SetUp() {
  const Case &test = GetParam();
  std::string scratchType = "memref<" + std::to_string(test.scratch) + "xi16>";
  std::string text = test.kernel, strategy = test.strategy;
  auto replace = [&](StringRef name, const std::string &by) {
    text.replace(text.find(name.data()), name.size(), by);
  };
  replace("$SCRATCH", test.scratch ? ", %scratch: " + scratchType : "");
  replace("$STRATEGY", strategy + (test.scratch ? " scratch(%scratch : " + scratchType + ")" : ""));
  text =
      std::string(maps) + "module attributes {tflc.target = {" + test.target + "}} {" + text + "}";
  // Maps of a kernel stand in front of it.
  if (size_t map = text.find("\n#k = "); map != std::string::npos) {
    size_t end = text.find('\n', map + 1);
    std::string line = text.substr(map, end - map);
    text.erase(map, end - map);
    text.insert(0, line);
  }
  module = parseSourceString<ModuleOp>(text, &context);
  ASSERT_TRUE(module) << text;

  tflrt::KernelOp kernel;
  module->walk([&](tflrt::KernelOp op) { kernel = op; });
  std::optional<LoopNest> nest = analyzeKernel(kernel);
  ASSERT_TRUE(nest);
  Strategy choice = Strategy::fromAttr(kernel.getStrategyAttr());
  ASSERT_TRUE(choice.prepare(*nest));
  listResults(*nest, choice);

  PassManager passes(&context);
  passes.addPass(createEmitKernels());
  ASSERT_TRUE(succeeded(passes.run(*module)));
  log = collectAccesses(*module->getOps<func::FuncOp>().begin());
  ASSERT_EQ(log.error, "");
}

TEST_P(TileOrderTest, StoresResultsInOrder) {
  SmallVector<int64_t> stored;
  for (const Access &access : log.accesses)
    if (access.argument == 2) {
      EXPECT_TRUE(access.isStore);
      for (int64_t at = 0; at < access.bytes; at += resultBytes)
        stored.push_back((access.offset + at) / resultBytes);
    }
  EXPECT_EQ(stored, results);
}

TEST_P(TileOrderTest, ReadsBeforeItStores) {
  size_t stored = 0, tile = 0; // results, and tiles whose first result is stored
  bool readsRows = false;
  for (const Access &access : log.accesses) {
    if (access.argument == 2) {
      stored += access.bytes / resultBytes;
      while (tile < tileEnds.size() && (tile == 0 ? 0 : tileEnds[tile - 1]) < stored)
        ++tile;
    } else if (access.argument == 0 && hasSums) {
      readsRows = true;
      EXPECT_TRUE(tile == 0 || access.offset / readBytes >= leastRead[tile - 1])
          << "element " << access.offset / readBytes << " behind " << tile << " tiles";
    } else if (access.argument <= 1) {
      for (int64_t at = 0; at < access.bytes; at += resultBytes)
        EXPECT_EQ(std::find(results.begin(), results.begin() + stored,
                            (access.offset + at) / resultBytes),
                  results.begin() + stored);
    }
  }
  EXPECT_EQ(readsRows, hasSums);
}

INSTANTIATE_TEST_SUITE_P(Forms, TileOrderTest, testing::ValuesIn(cases),
                         [](const auto &info) { return std::string(info.param.name); });

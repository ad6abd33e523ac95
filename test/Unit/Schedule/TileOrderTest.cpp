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
#include "KernelCases.h"

#include "tflc/Schedule/Passes.h"

#include "mlir/Pass/PassManager.h"

#include "gtest/gtest.h"

using namespace mlir;
using namespace tflc;

namespace {

class TileOrderTest : public testing::TestWithParam<KernelCase> {
protected:
  TileOrderTest() { loadKernelDialects(context); }

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
  module = parseKernel(GetParam(), context);
  ASSERT_TRUE(module);

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

INSTANTIATE_TEST_SUITE_P(Forms, TileOrderTest,
                         testing::ValuesIn(getKernelCases().begin(), getKernelCases().end()),
                         [](const auto &info) { return std::string(info.param.name); });

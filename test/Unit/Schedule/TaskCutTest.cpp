//===- TaskCutTest.cpp - tasks of a kernel against the whole --------------===//
//
// Part of tflc, under the Apache License 2.0.
//
// Emits a kernel in each form for each loop that tasks can share, and compares what all tasks store
// with what the whole kernel does: each result once, and by one task alone. What a task loads and
// stores is to be in its footprint.
//
//===----------------------------------------------------------------------===//

#include "Schedule/Nest/TaskCut.h"
#include "AccessLog.h"
#include "KernelCases.h"
#include "Schedule/Emit/Forms.h"
#include "Schedule/Emit/TaskFootprint.h"

#include "gtest/gtest.h"

using namespace mlir;
using namespace tflc;

namespace {

class TaskCutTest : public testing::TestWithParam<KernelCase> {
protected:
  TaskCutTest() { loadKernelDialects(context); }

  /// Emits the kernel anew; the argument of a task's number is the last one, if there is a cut.
  func::FuncOp emit(std::optional<TaskCut> cut);
  /// The first bytes and sizes of all stores to the output, sorted.
  static std::vector<std::pair<int64_t, int64_t>> storesOf(ArrayRef<AccessLog> logs);
  SmallVector<TaskFootprint> footprintsOf(const TaskCut &cut);

  MLIRContext context;
  OwningOpRef<ModuleOp> module;
  std::optional<LoopNest> nest;
  Strategy strategy;
};

} // namespace

func::FuncOp TaskCutTest::emit(std::optional<TaskCut> cut) {
  module = parseKernel(GetParam(), context);
  tflrt::KernelOp kernel;
  module->walk([&](tflrt::KernelOp op) { kernel = op; });
  auto function = kernel->getParentOfType<func::FuncOp>();
  nest = analyzeKernel(kernel);
  strategy = Strategy::fromAttr(kernel.getStrategyAttr());
  EXPECT_TRUE(nest && strategy.prepare(*nest));
  std::optional<TaskShare> share;
  if (cut) {
    EXPECT_TRUE(succeeded(function.insertArgument(
        function.getNumArguments(), IndexType::get(&context), DictionaryAttr(), kernel.getLoc())));
    share = TaskShare{cut->dim, cut->count, function.getArguments().back()};
  }
  LoopNest copy = *nest;
  ConstantPool pool(*module);
  TargetInfo target = *getTarget(*module);
  makeEmitter({kernel, copy, strategy, pool, target, share})->emit();
  kernel.erase();
  EXPECT_TRUE(succeeded(module->verify()));
  return function;
}

std::vector<std::pair<int64_t, int64_t>> TaskCutTest::storesOf(ArrayRef<AccessLog> logs) {
  std::vector<std::pair<int64_t, int64_t>> stores;
  for (const AccessLog &log : logs) {
    EXPECT_EQ(log.error, "");
    for (const Access &access : log.accesses)
      if (access.argument == 2)
        stores.emplace_back(access.offset, access.bytes);
  }
  llvm::sort(stores);
  return stores;
}

TEST_P(TaskCutTest, EveryResultOnce) {
  AccessLog whole = collectAccesses(emit(std::nullopt));
  unsigned numShared = 0;
  for (unsigned dim = 0; dim < nest->dims.size(); ++dim) {
    int64_t units = countSharedUnits(*nest, strategy, dim);
    numShared += units > 1;
    for (int64_t count = 2; count <= std::min<int64_t>(units, 4); ++count) {
      func::FuncOp function = emit(TaskCut{dim, count});
      std::vector<AccessLog> tasks;
      for (int64_t task = 0; task < count; ++task) {
        tasks.push_back(collectAccesses(function, task));
        EXPECT_FALSE(storesOf(tasks.back()).empty())
            << "task " << task << " of " << count << " has nothing to do";
      }
      EXPECT_EQ(storesOf(tasks), storesOf(whole)) << count << " tasks of loop " << dim;
    }
  }
  // The cases of tile registers and of pairs of bytes are a single tile and a rest.
  bool hasTiles = false;
  for (auto [dim, info] : llvm::enumerate(nest->dims))
    hasTiles |= !info.isReduction && info.size >= 2 * strategy.tile[dim];
  EXPECT_EQ(numShared > 0, hasTiles);
}

SmallVector<TaskFootprint> TaskCutTest::footprintsOf(const TaskCut &cut) {
  OwningOpRef<ModuleOp> parsed = parseKernel(GetParam(), context);
  SmallVector<TaskFootprint> footprints;
  parsed->walk([&](tflrt::KernelOp kernel) {
    footprints = findFootprints(kernel, Strategy::fromAttr(kernel.getStrategyAttr()), cut);
  });
  return footprints;
}

/// The bytes that accesses of the kernel's input, of the residual and of the output touch, stores
/// or loads.
static ByteSet touchedBytes(const AccessLog &log, bool stores) {
  SmallVector<ByteRange> ranges;
  for (const Access &access : log.accesses)
    if (access.argument <= 2 && access.isStore == stores) {
      int64_t begin = getByteNumber(access.argument) + access.offset;
      ranges.push_back({begin, begin + access.bytes});
    }
  return ByteSet(ranges);
}

/// The first byte of `part` that `all` does not have, as text; empty if there is none.
static std::string findMissing(const ByteSet &part, const ByteSet &all) {
  for (ByteRange range : part.getRanges())
    if (llvm::none_of(all.getRanges(), [&](ByteRange other) {
          return other.begin <= range.begin && range.end <= other.end;
        }))
      return std::to_string(range.begin) + " to " + std::to_string(range.end);
  return "";
}

TEST_P(TaskCutTest, TouchesItsFootprint) {
  emit(std::nullopt);
  for (unsigned dim = 0; dim < nest->dims.size(); ++dim) {
    int64_t units = countSharedUnits(*nest, strategy, dim);
    for (int64_t count = 2; count <= std::min<int64_t>(units, 4); ++count) {
      TaskCut cut{dim, count};
      SmallVector<TaskFootprint> footprints = footprintsOf(cut);
      ASSERT_EQ(int64_t(footprints.size()), count);
      func::FuncOp function = emit(cut);
      for (int64_t task = 0; task < count; ++task) {
        AccessLog log = collectAccesses(function, task);
        EXPECT_EQ(findMissing(touchedBytes(log, true), footprints[task].writes), "")
            << "written by task " << task << " of " << count << " along " << dim;
        EXPECT_EQ(findMissing(touchedBytes(log, false), footprints[task].reads), "")
            << "read by task " << task << " of " << count << " along " << dim;
      }
      // Results of neighbours are apart, or nothing could run side by side.
      if (!strategy.is<Winograd>())
        EXPECT_FALSE(footprints[0].writes.intersects(footprints[1].writes));
    }
  }
}

INSTANTIATE_TEST_SUITE_P(Forms, TaskCutTest,
                         testing::ValuesIn(getKernelCases().begin(), getKernelCases().end()),
                         [](const auto &info) { return std::string(info.param.name); });

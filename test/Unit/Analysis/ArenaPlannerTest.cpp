//===- ArenaPlannerTest.cpp - offsets for buffers with known lifetimes ----===//
//
// Part of tflc, under the Apache License 2.0.
//
//===----------------------------------------------------------------------===//

#include "tflc/Analysis/ArenaPlanner.h"

#include "gtest/gtest.h"

#include <random>

using namespace tflc;

/// Whether the plan keeps apart what is alive together, as far as `overlaps` asks.
static bool isSound(llvm::ArrayRef<ArenaBuffer> buffers, llvm::ArrayRef<ArenaOverlap> overlaps,
                    const ArenaPlan &plan) {
  auto allowed = [&](unsigned a, unsigned b) {
    for (const ArenaOverlap &overlap : overlaps) {
      int64_t distance = plan.offsets[overlap.writer] - plan.offsets[overlap.reader];
      bool isPair = (overlap.writer == a && overlap.reader == b) ||
                    (overlap.writer == b && overlap.reader == a);
      if (isPair && overlap.least <= distance && distance <= overlap.distance &&
          distance % overlap.multiple == 0)
        return true;
    }
    return false;
  };
  for (unsigned i = 0; i < buffers.size(); ++i) {
    if (plan.offsets[i] < 0 || plan.offsets[i] % buffers[i].alignment != 0 ||
        plan.offsets[i] + buffers[i].size > plan.size)
      return false;
    for (unsigned j = 0; j < i; ++j)
      if (buffers[i].first <= buffers[j].last && buffers[j].first <= buffers[i].last &&
          plan.offsets[i] < plan.offsets[j] + buffers[j].size &&
          plan.offsets[j] < plan.offsets[i] + buffers[i].size && !allowed(i, j))
        return false;
  }
  return true;
}

TEST(ArenaPlanner, NothingToPlace) {
  ArenaPlan plan = planArena({});
  EXPECT_EQ(plan.size, 0);
  EXPECT_EQ(plan.lowerBound, 0);
}

TEST(ArenaPlanner, ReachesTheLargestLiveSet) {
  // A chain in which each step reads one buffer and writes the next.
  ArenaBuffer buffers[] = {{64, 64, 0, 1}, {128, 64, 1, 2}, {64, 64, 2, 3}, {192, 64, 3, 4}};
  ArenaPlan plan = planArena(buffers);
  EXPECT_TRUE(isSound(buffers, {}, plan));
  EXPECT_EQ(plan.lowerBound, 256);
  EXPECT_EQ(plan.size, 256);
}

TEST(ArenaPlanner, LastBufferBeginsInFront) {
  // The last one, which grows, begins in front of the one that it overwrites, and so all others
  // must leave room. Neither size nor their order in the list tells.
  ArenaBuffer buffers[] = {{640, 64, 2, 3}, {720, 64, 0, 1}, {704, 64, 3, 4}, {640, 64, 1, 2}};
  ArenaOverlap overlaps[] = {{3, 1, 0, 1}, {0, 3, 0, 1}, {2, 0, -64, 1}};
  ArenaPlan plan = planArena(buffers, overlaps, /*searchSteps=*/0);
  EXPECT_TRUE(isSound(buffers, overlaps, plan));
  EXPECT_EQ(plan.size, 784);
}

TEST(ArenaPlanner, WriterCoversReader) {
  ArenaBuffer buffers[] = {{128, 64, 0, 1}, {128, 64, 1, 2}};
  ArenaOverlap overlaps[] = {{1, 0, 0, 1}};
  ArenaPlan plan = planArena(buffers, overlaps);
  EXPECT_TRUE(isSound(buffers, overlaps, plan));
  EXPECT_EQ(plan.lowerBound, 128);
  EXPECT_EQ(plan.size, 128);
}

TEST(ArenaPlanner, WriterStartsInFrontOfReader) {
  ArenaBuffer buffers[] = {{128, 64, 0, 1}, {128, 64, 1, 2}};
  ArenaOverlap overlaps[] = {{1, 0, -10, 1}};
  ArenaPlan plan = planArena(buffers, overlaps);
  EXPECT_TRUE(isSound(buffers, overlaps, plan));
  EXPECT_EQ(plan.size, 192);
}

TEST(ArenaPlanner, RespectsTheMultiple) {
  // 64 bytes in front of the reader would do but for the multiple.
  ArenaBuffer buffers[] = {{480, 32, 0, 1}, {480, 32, 1, 2}};
  ArenaOverlap overlaps[] = {{1, 0, -32, 96}};
  ArenaPlan plan = planArena(buffers, overlaps);
  EXPECT_TRUE(isSound(buffers, overlaps, plan));
  EXPECT_EQ(plan.size, 576);
}

TEST(ArenaPlanner, KeepsTheLeastDistance) {
  // The writer may lie at the reader's place alone, which is behind a buffer that lives on.
  ArenaBuffer buffers[] = {{64, 64, 0, 2}, {128, 64, 0, 1}, {128, 64, 1, 2}};
  ArenaOverlap overlaps[] = {{2, 1, 0, 1, 0}};
  ArenaPlan plan = planArena(buffers, overlaps);
  EXPECT_TRUE(isSound(buffers, overlaps, plan));
  EXPECT_EQ(plan.offsets[2], plan.offsets[1]);
  EXPECT_EQ(plan.size, 192);

  // Which it cannot where that is no multiple of its alignment.
  ArenaOverlap odd[] = {{2, 1, 32, 1, 32}};
  plan = planArena(buffers, odd);
  EXPECT_TRUE(isSound(buffers, odd, plan));
  EXPECT_EQ(plan.size, 320);
}

TEST(ArenaPlanner, CoveringIsLeaveNotDuty) {
  // The reader lives on in a third buffer's place.
  ArenaBuffer buffers[] = {{256, 64, 0, 1}, {64, 64, 1, 3}, {256, 64, 2, 3}};
  ArenaOverlap overlaps[] = {{1, 0, 0, 1}};
  ArenaPlan plan = planArena(buffers, overlaps);
  EXPECT_TRUE(isSound(buffers, overlaps, plan));
  EXPECT_EQ(plan.lowerBound, 320);
  EXPECT_EQ(plan.size, 320);
}

TEST(ArenaPlanner, RandomPlansAreSoundAndRepeat) {
  std::mt19937 random(7);
  for (unsigned round = 0; round < 50; ++round) {
    std::vector<ArenaBuffer> buffers;
    std::vector<ArenaOverlap> overlaps;
    for (unsigned i = 0; i < 40; ++i) {
      int64_t first = random() % 50;
      buffers.push_back({static_cast<int64_t>(random() % 1000), 1 << (random() % 7), first,
                         first + static_cast<int64_t>(random() % 8)});
    }
    for (unsigned i = 0; i < buffers.size(); ++i)
      for (unsigned j = 0; j < buffers.size(); ++j)
        if (i != j && buffers[i].first == buffers[j].last && buffers[j].first < buffers[j].last) {
          overlaps.push_back({i, j, static_cast<int64_t>(random() % 300) - 200,
                              static_cast<int64_t>(1 + random() % 3)});
          if (round % 2)
            overlaps.back().least = overlaps.back().distance - static_cast<int64_t>(random() % 100);
        }
    ArenaPlan plan = planArena(buffers, overlaps);
    EXPECT_TRUE(isSound(buffers, overlaps, plan));
    EXPECT_GE(plan.size, plan.lowerBound);
    EXPECT_EQ(planArena(buffers, overlaps).offsets, plan.offsets);
  }
}

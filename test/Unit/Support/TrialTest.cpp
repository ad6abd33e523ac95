//===- TrialTest.cpp - work that may not come to its end ------------------===//
//
// Part of tflc, under the Apache License 2.0.
//
//===----------------------------------------------------------------------===//

#include "tflc/Support/Trial.h"

#include <gtest/gtest.h>

#include <csignal>
#include <cstdlib>
#include <unistd.h>

using namespace tflc;

static bool ends(llvm::function_ref<void()> work) {
  return llvm::cantFail(endsInChild(work, /*seconds=*/1));
}

TEST(Trial, ComesToItsEnd) {
  int changed = 0;
  EXPECT_TRUE(ends([&] { changed = 1; }));
  EXPECT_EQ(changed, 0) << "only the child's memory changes";
}

TEST(Trial, IsEndedBySignals) {
  EXPECT_FALSE(ends([] { std::raise(SIGSEGV); }));
  EXPECT_FALSE(ends([] { std::abort(); }));
  EXPECT_FALSE(ends([] { _exit(0); })) << "the work did not come to its end";
}

TEST(Trial, TakesTooLong) {
  EXPECT_FALSE(ends([] {
    for (volatile unsigned i = 0;; i = i + 1) {
    }
  }));
}

TEST(Trial, WorksWhereChildrenAreIgnored) {
  auto before = std::signal(SIGCHLD, SIG_IGN);
  EXPECT_TRUE(ends([] {}));
  EXPECT_FALSE(ends([] { std::abort(); }));
  std::signal(SIGCHLD, before);
}

//===- ChainChooser.h - which kernels become chains -------------*- C++ -*-===//
//
// Part of tflc, under the Apache License 2.0.
//
//===----------------------------------------------------------------------===//

#ifndef TFLC_LIB_SCHEDULE_ROWS_CHAINCHOOSER_H
#define TFLC_LIB_SCHEDULE_ROWS_CHAINCHOOSER_H

#include "RowChain.h"
#include "Schedule/Memory/ArenaBuffers.h"

namespace tflc {

/// Finds the chains with which the arena becomes smallest.
class ChainChooser {
public:
  explicit ChainChooser(const ArenaBuffers &arena) : arena(arena) {}
  /// In the order of the program; empty where none makes the arena smaller.
  std::vector<RowChain> choose();

private:
  /// A chain that may replace the steps from `begin` to `end`, inclusive.
  struct Candidate {
    unsigned begin = 0, end = 0;
    int64_t peak = 0; ///< bytes alive while it runs
    RowChain chain;
  };

  void findCandidates();
  void addCandidates(unsigned begin, unsigned end);
  mlir::SmallVector<int64_t> peaksOfSteps() const;
  int64_t peakOf(const RowChain &chain, unsigned begin, unsigned end) const;
  int64_t plannedSize(mlir::ArrayRef<const Candidate *> chosen) const;

  const ArenaBuffers &arena;
  RowChainPlanner planner;
  std::vector<Candidate> candidates; ///< by `end`
};

} // namespace tflc

#endif // TFLC_LIB_SCHEDULE_ROWS_CHAINCHOOSER_H

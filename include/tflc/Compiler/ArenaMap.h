//===- ArenaMap.h - what lies where in the arena, and when ------*- C++ -*-===//
//
// Part of tflc, under the Apache License 2.0.
//
//===----------------------------------------------------------------------===//

#ifndef TFLC_COMPILER_ARENAMAP_H
#define TFLC_COMPILER_ARENAMAP_H

#include "llvm/Support/JSON.h"
#include "llvm/Support/raw_ostream.h"

#include <string>
#include <vector>

namespace mlir {
class ModuleOp;
} // namespace mlir

namespace tflc {

/// One buffer in the arena, alive from step `first` to step `last`.
struct ArenaBuffer {
  std::string name;
  int64_t offset = 0;
  int64_t size = 0;
  int64_t first = 0;
  int64_t last = 0;
  /// Where it holds only some rows of a tensor at a time: how many, and of how many.
  int64_t rows = 0, rowsOf = 0;
};

struct ArenaMap {
  std::vector<ArenaBuffer> buffers;
  int64_t size = 0;
  int64_t lowerBound = 0;
};

/// What the planner left in the module's attributes.
ArenaMap getArenaMap(mlir::ModuleOp module);

/// Draws a line for each buffer, in the order in which they are first written; time runs to the
/// right. Buffers below half a per cent of the arena share one line.
void printArenaMap(llvm::raw_ostream &os, const ArenaMap &map);

llvm::json::Object toJSON(const ArenaMap &map);

} // namespace tflc

#endif // TFLC_COMPILER_ARENAMAP_H

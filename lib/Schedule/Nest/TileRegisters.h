//===- TileRegisters.h - what tile registers hold ---------------*- C++ -*-===//
//
// Part of tflc, under the Apache License 2.0.
//
// A tile register has up to 16 rows of up to 64 bytes. A product adds to 16 x 16 sums those of 16
// rows of 16 groups of four bytes with 16 columns of as many.
//
//===----------------------------------------------------------------------===//

#ifndef TFLC_LIB_SCHEDULE_NEST_TILEREGISTERS_H
#define TFLC_LIB_SCHEDULE_NEST_TILEREGISTERS_H

#include "Strategy.h"

namespace tflc {

inline constexpr int64_t registerRows = 16, registerColumns = 16, registerBytes = 64;

/// The loops of a contraction along which a register tile may have several rows. A tile register
/// holds rows that are equally far from each other, so several lines are loaded with what lies
/// between them: borders, or nothing.
struct RegisterLoops {
  std::optional<unsigned> row;  ///< the innermost
  std::optional<unsigned> line; ///< the one around it, where its lines are whole rows apart
  int64_t pitch = 0;            ///< how many

  /// Rows from the first to the last one of that many lines.
  int64_t rowsOf(int64_t lines, int64_t rows) const { return (lines - 1) * pitch + rows; }
};
RegisterLoops findRegisterLoops(const LoopNest &nest, const Strategy &strategy);

/// How many bytes of a run are multiplied at once: as few and equal parts as possible, each of
/// whole groups and no longer than the run, of at least four bytes.
int64_t choosePartBytes(int64_t run);

} // namespace tflc

#endif // TFLC_LIB_SCHEDULE_NEST_TILEREGISTERS_H

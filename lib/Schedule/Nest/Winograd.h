//===- Winograd.h - 3x3 windows with fewer products -------------*- C++ -*-===//
//
// Part of tflc, under the Apache License 2.0.
//
// F(m x n, 3x3) of A. Lavin and S. Gray, "Fast Algorithms for Convolutional Neural Networks", 2015,
// for m and n of 2 or 4: 2x2 results of a 3x3 window are 16 products instead of 36, 4x4 results are
// 36 instead of 144,
//   Y = A^T [(G g G^T) * (B^T d B)] A,
// with d the (m + 2) x (n + 2) inputs, g the window and * the product of elements, summed over the
// channels. Matrices on the left are those for m, on the right those for n.
//
// Integers: for 2, 2G in place of G gives twice the result, exact in the ring of 32 bit integers as
// long as that fits, whatever its parts do. For 4, the rows of 24G are taken without what they have
// in common,
//   (6,0,0) (1,1,1) (1,-1,1) (1,2,4) (1,-2,4) (0,0,6),
// so that the transformed weights have 14 bits, beside inputs of 16; A^T makes up for it and gives
// 24, 12, 6 and 6 times the results. Since 3 has an inverse in the ring, only the powers of two in
// these factors take bits from the result: up to three for lines, and as many for pixels.
//
// Floats are computed by F(2x2) alike; a patch with a result that is not finite is computed once
// more without Winograd, since differences of infinities, or of sums that overflow, are NaN where
// the window itself has an infinity or a number.
//
//===----------------------------------------------------------------------===//

#ifndef TFLC_LIB_SCHEDULE_NEST_WINOGRAD_H
#define TFLC_LIB_SCHEDULE_NEST_WINOGRAD_H

#include "Strategy.h"

#include "llvm/Support/MathExtras.h"

namespace tflc {

/// The loops of a 3x3 window with stride and dilation 1.
struct WinogradLoops {
  unsigned line = 0, pixel = 0; ///< loops of the results' lines and of the pixels in them
  unsigned tapLine = 0;         ///< the window's loop of three lines
  std::optional<unsigned> tap;  ///< that of three pixels; none where it is one with the channels
  int64_t channels = 0;         ///< along the strategy's groupDim
  llvm::SmallVector<unsigned> outer; ///< the other loops of rows: batches
  int64_t lines = 0, pixels = 0;     ///< sizes of `line` and `pixel`

  /// Patches in a line of them, and in all. The last patch of a line or column whose size is no
  /// multiple overlaps its neighbour.
  int64_t patchesInLine(const Winograd &winograd) const {
    return llvm::divideCeil(pixels, winograd.pixels);
  }
  int64_t patches(const Winograd &winograd) const {
    return patchesInLine(winograd) * llvm::divideCeil(lines, winograd.lines);
  }
};

/// The loops of `nest`, whose contraction has the weights and loops of `strategy`; none where it is
/// no such window.
std::optional<WinogradLoops> matchWinograd(const LoopNest &nest, const Strategy &strategy);

/// Where things are in the scratch buffer, in elements of 16 bits, of which a factor has one, or
/// two where it is a float. So a group, two channels or one, always has two.
///   weights  [tile of columns][position][group of channels][vector][lane][channel of the group]
///   inputs   [position][patch of results][channel]
///   products [position][patch of results][vector], 32 bits each
struct WinogradScratch {
  int64_t perFactor;                   ///< elements of an input or weight
  int64_t perInputs, perInputPosition; ///< elements of the channels of a patch; of a position
  int64_t perColumnTile,
      perWeightPosition; ///< elements of a tile of columns; of one position of it
  int64_t perProductPosition;
  int64_t inputs, products; ///< where these begin
  int64_t size;

  WinogradScratch(const Strategy &strategy, const Winograd &winograd, int64_t channels);
};

} // namespace tflc

#endif // TFLC_LIB_SCHEDULE_NEST_WINOGRAD_H

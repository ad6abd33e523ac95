//===- Winograd.h - 3x3 windows with fewer products -------------*- C++ -*-===//
//
// Part of tflc, under the Apache License 2.0.
//
// F(2x2, 3x3) of A. Lavin and S. Gray, "Fast Algorithms for Convolutional Neural Networks", 2015:
// 2x2 results of a 3x3 window are 16 products instead of 36,
//   Y = A^T [(G g G^T) * (B^T d B)] A,
// with d the 4x4 inputs, g the window and * the product of elements, summed over the channels. With
// 2G in place of G everything is an integer, and four times the result comes out: exact in the ring
// of 32 bit integers as long as that fits, whatever its parts do. Floats are computed alike; a tile
// with a result that is not finite is computed once more without Winograd, since differences of
// infinities, or of sums that overflow, are NaN where the window itself has an infinity or a
// number.
//
//===----------------------------------------------------------------------===//

#ifndef TFLC_LIB_SCHEDULE_WINOGRAD_H
#define TFLC_LIB_SCHEDULE_WINOGRAD_H

#include "Strategy.h"

namespace tflc {

/// The loops of a 3x3 window with stride and dilation 1.
struct WinogradLoops {
  unsigned line = 0, pixel = 0; ///< loops of the results' lines and of the pixels in them
  unsigned tapLine = 0;         ///< the window's loop of three lines
  std::optional<unsigned> tap;  ///< that of three pixels; none where it is one with the channels
  int64_t channels = 0;         ///< along the strategy's groupDim
  llvm::SmallVector<unsigned> outer; ///< the other loops of rows: batches

  /// 2x2 tiles in a line of tiles, and in all. The last tile of a line or column with an odd number
  /// of results overlaps its neighbour.
  int64_t tilesInLine = 0, tiles = 0;
};

/// The loops of `nest`, whose contraction has the weights and loops of `strategy`; none where it is
/// no such window.
std::optional<WinogradLoops> matchWinograd(const LoopNest &nest, const Strategy &strategy);

/// Where things are in the scratch buffer, in elements of 16 bits, of which a factor has one, or
/// two where it is a float. So a group, two channels or one, always has two.
///   weights  [tile of columns][position][group of channels][vector][lane][channel of the group]
///   inputs   [position][tile of 2x2 results][channel]
///   products [position][row][vector], 32 bits each
struct WinogradScratch {
  static constexpr int64_t positions = 16;
  int64_t perFactor;                  ///< elements of an input or weight
  int64_t perPosition;                ///< elements of all channels
  int64_t perTile, perWeightPosition; ///< elements of a tile of columns; of one position of it
  int64_t inputs, perInputPosition;
  int64_t products, perProductPosition;
  int64_t size;

  WinogradScratch(const Strategy &strategy, const Winograd &winograd, int64_t channels);
};

/// Changes `strategy`, a contraction in 16 bits or in float that takes `directCycles`, to
/// Winograd's form if that is faster and needs at most `scratchLimit` bytes.
void chooseWinograd(Strategy &strategy, const LoopNest &nest, const TargetInfo &target,
                    double directCycles, int64_t scratchLimit);

} // namespace tflc

#endif // TFLC_LIB_SCHEDULE_WINOGRAD_H

//===- VectorLoops.cpp - vectors along a parallel loop --------------------===//
//
// Part of tflc, under the Apache License 2.0.
//
// Elementwise kernels, and reductions whose results are neighbours in memory: each lane has a
// result of its own, and the loops of a reduction are loops around vectors. KernelEmitter says how.
//
// An input whose neighbours lie along another loop than those of the output, as TRANSPOSE's do, is
// loaded in blocks where the tile has several iterations of that loop: vectors of its neighbours,
// which change places with the lanes by interleaving. Four vectors of four:
//
//   a0 a1 a2 a3   rows 0 and 2    a0 c0 a1 c1   rows 0 and 2    a0 b0 c0 d0
//   b0 b1 b2 b3   interleaved     a2 c2 a3 c3   interleaved     a1 b1 c1 d1
//   c0 c1 c2 c3        ──►        b0 d0 b1 d1        ──►        a2 b2 c2 d2
//   d0 d1 d2 d3                   b2 d2 b3 d3                   a3 b3 c3 d3
//
//===----------------------------------------------------------------------===//

#include "Forms.h"

#include "Schedule/Nest/Transposition.h"

#include "mlir/Dialect/Vector/IR/VectorOps.h"
#include "llvm/Support/MathExtras.h"

#include <map>

using namespace mlir;
using namespace tflc;

namespace {
class VectorLoopsEmitter final : public KernelEmitter {
public:
  explicit VectorLoopsEmitter(const KernelTask &task) : KernelEmitter(task) {}

private:
  void emitTile(Position position, ArrayRef<int64_t> extents) override;
  void loadBlocks(const LinearAccess &input, unsigned across, const Position &position,
                  ArrayRef<Point> points);
  void loadBlock(const LinearAccess &input, const Position &position, ArrayRef<Point> points);
  Values transpose(Values vectors);
};
} // namespace

void VectorLoopsEmitter::emitTile(Position position, ArrayRef<int64_t> extents) {
  if (!nest.reduction) {
    SmallVector<Point> points = tilePoints(extents);
    for (const LinearAccess &input : nest.epilogue->inputs)
      if (auto across = findTransposedLoop(nest, input, strategy.vectorDim))
        loadBlocks(input, *across, position, points);
  }
  KernelEmitter::emitTile(position, extents);
}

/// Loads an input for all points that have neighbours along loop `across`. Other points load it
/// lane by lane.
void VectorLoopsEmitter::loadBlocks(const LinearAccess &input, unsigned across,
                                    const Position &position, ArrayRef<Point> points) {
  std::map<std::pair<std::vector<int64_t>, unsigned>, SmallVector<Point>> lines; // along `across`
  for (const Point &point : points) {
    std::vector<int64_t> start(point.delta.begin(), point.delta.end());
    start[across] = 0;
    lines[{start, point.piece.lanes}].push_back(point);
  }
  for (auto &[key, line] : lines) {
    llvm::sort(line, [&](const Point &lhs, const Point &rhs) {
      return lhs.delta[across] < rhs.delta[across];
    });
    for (ArrayRef<Point> rest = line; rest.size() > 1 && key.second > 1;) {
      size_t count = llvm::bit_floor(std::min<size_t>(rest.size(), key.second));
      loadBlock(input, position, rest.take_front(count));
      rest = rest.drop_front(count);
    }
  }
}

/// Loads an input for a power of two of neighbouring points, not more than they have lanes.
void VectorLoopsEmitter::loadBlock(const LinearAccess &input, const Position &position,
                                   ArrayRef<Point> points) {
  int64_t count = points.size(), lanes = points[0].piece.lanes;
  int64_t stride = input.coefficients[strategy.vectorDim];
  Value base = baseIndex(input, position);
  int64_t start = constantIndex(input, position, points[0].delta);
  auto type = VectorType::get(count, input.elementType);
  SmallVector<Values> parts(count); // of the lanes of each point
  for (int64_t first = 0; first < lanes; first += count) {
    Values rows;
    for (int64_t lane = first; lane < first + count; ++lane)
      rows.push_back(
          vector::LoadOp::create(b, type, flat(input), index(base, start + lane * stride)));
    for (auto [part, column] : llvm::zip_equal(parts, transpose(rows)))
      part.push_back(column);
  }
  for (auto [number, part] : llvm::enumerate(parts))
    loads[{&input, position.scope, start + int64_t(number), unsigned(lanes)}] = join(part);
}

/// As many vectors as each has elements.
KernelEmitter::Values VectorLoopsEmitter::transpose(Values vectors) {
  int64_t count = vectors.size();
  for (int64_t stage = 1; stage < count; stage *= 2) {
    Values next;
    for (int64_t i = 0; i < count / 2; ++i)
      for (int64_t half : {int64_t(0), count / 2}) {
        SmallVector<int64_t> pick;
        for (int64_t j = 0; j < count / 2; ++j)
          pick.append({half + j, count + half + j});
        next.push_back(vector::ShuffleOp::create(b, vectors[i], vectors[i + count / 2], pick));
      }
    vectors = std::move(next);
  }
  return vectors;
}

std::unique_ptr<KernelEmitter> tflc::makeVectorLoops(const KernelTask &task) {
  return std::make_unique<VectorLoopsEmitter>(task);
}

//===- KernelWindows.cpp - a register tile's results pooled ---------------===//
//
// Part of tflc, under the Apache License 2.0.
//
//===----------------------------------------------------------------------===//

#include "KernelEmitter.h"

#include "mlir/Dialect/Arith/IR/Arith.h"

using namespace mlir;
using namespace tflc;

/// What comes behind the sums of a tile, which has whole windows of results. Those at the same
/// place of all windows are computed as they are without a pooling, one place after the other.
void KernelEmitter::finishWindows(const Position &position, ArrayRef<Point> points,
                                  ArrayRef<Value> accumulators) {
  struct Place {
    SmallVector<Point> points;
    SmallVector<Value> sums;
  };
  std::map<SmallVector<int64_t>, Place> places; // in the order in which a window is walked
  for (auto [point, accumulator] : llvm::zip_equal(points, accumulators)) {
    SmallVector<int64_t> inWindow;
    for (auto [dim, info] : llvm::enumerate(nest.dims))
      if (info.isWindow)
        inWindow.push_back(point.delta[dim]);
    Place &place = places[inWindow];
    place.points.push_back(point);
    place.sums.push_back(accumulator);
  }
  auto joinLanes = [&](Place &place) {
    if (strategy.epilogueLanes > strategy.lanes)
      joinForEpilogue(place.points, place.sums);
  };

  Place &first = places.begin()->second; // where the windows begin
  if (nest.pooling->ofAccumulators) {
    for (auto &[inWindow, place] : llvm::drop_begin(places))
      for (auto [largest, sum] : llvm::zip_equal(first.sums, place.sums))
        largest = arith::MaxSIOp::create(b, largest, sum);
    joinLanes(first);
    return finishTile(position, first.points, first.sums);
  }

  linalg::LinalgOp pool = nest.pooling->op, epilogue = nest.pooling->epilogue;
  SmallVector<Run> pooled;
  for (auto &[inWindow, place] : places) {
    joinLanes(place);
    SmallVector<Run> runs;
    if (nest.epilogue)
      runs = evaluateEpilogue(position, place.points, place.sums);
    else
      for (auto [point, sum] : llvm::zip_equal(place.points, place.sums))
        runs.push_back({point, sum});
    bool isFirst = pooled.empty();
    if (isFirst)
      pooled = runs; // the others join them where the output has the windows' results
    for (auto [result, run] : llvm::zip_equal(pooled, runs)) {
      Value joined =
          isFirst ? arith::ConstantOp::create(b, nest.pooling->initial).getResult() : result.value;
      SmallVector<Value> arguments(pool.getBlock()->getNumArguments());
      arguments.front() = run.value;
      arguments.back() = joined;
      result.value =
          evaluateBody(pool.getBlock(), arguments, run.point.piece.lanes, position, run.point);
    }
  }
  for (Run &run : pooled) {
    if (epilogue) {
      SmallVector<Value> arguments(epilogue.getBlock()->getNumArguments());
      arguments.front() = run.value;
      run.value =
          evaluateBody(epilogue.getBlock(), arguments, run.point.piece.lanes, position, run.point);
    }
    store(run.value, nest.last().output, position, run.point);
  }
}

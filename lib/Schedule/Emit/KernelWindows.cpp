//===- KernelWindows.cpp - a register tile's results pooled ---------------===//
//
// Part of tflc, under the Apache License 2.0.
//
// What comes behind the sums of a tile that has whole windows of results. Those at the same place
// of all windows are computed as they are without a pooling, one place after the other.
//
//===----------------------------------------------------------------------===//

#include "KernelEmitter.h"

#include "mlir/Dialect/Arith/IR/Arith.h"

#include <map>

using namespace mlir;
using namespace tflc;

/// The results at one place of all windows.
struct KernelEmitter::Place {
  SmallVector<Point> points;
  SmallVector<Value> sums;
};

void KernelEmitter::finishWindows(const Position &position, ArrayRef<Point> points,
                                  ArrayRef<Value> sums) {
  std::map<SmallVector<int64_t>, Place> places; // in the order in which a window is walked
  for (auto [point, sum] : llvm::zip_equal(points, sums)) {
    SmallVector<int64_t> inWindow;
    for (auto [dim, info] : llvm::enumerate(nest.dims))
      if (info.isWindow)
        inWindow.push_back(point.delta[dim]);
    Place &place = places[inWindow];
    place.points.push_back(point);
    place.sums.push_back(sum);
  }

  Place &first = places.begin()->second; // where the windows begin
  if (nest.pooling->ofAccumulators) {
    for (auto &[inWindow, place] : llvm::drop_begin(places))
      for (auto [largest, sum] : llvm::zip_equal(first.sums, place.sums))
        largest = arith::MaxSIOp::create(b, largest, sum);
    joinForEpilogue(first.points, first.sums);
    return finishTile(position, first.points, first.sums);
  }

  SmallVector<Run> pooled;
  for (auto &[inWindow, place] : places) {
    joinForEpilogue(place.points, place.sums);
    SmallVector<Run> runs;
    if (nest.epilogue)
      runs = evaluateEpilogue(position, place.points, place.sums);
    else
      for (auto [point, sum] : llvm::zip_equal(place.points, place.sums))
        runs.push_back({point, sum});
    bool isFirst = pooled.empty();
    if (isFirst)
      pooled = runs; // the others join them where the output has the windows' results
    joinWindows(position, pooled, runs, isFirst);
  }
  linalg::LinalgOp epilogue = nest.pooling->epilogue;
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

/// Joins the results of one place with those of the places before it, if it is not the first.
void KernelEmitter::joinWindows(const Position &position, MutableArrayRef<Run> pooled,
                                ArrayRef<Run> runs, bool isFirst) {
  Block *body = nest.pooling->op.getBlock();
  for (auto [result, run] : llvm::zip_equal(pooled, runs)) {
    Value joined =
        isFirst ? arith::ConstantOp::create(b, nest.pooling->initial).getResult() : result.value;
    SmallVector<Value> arguments(body->getNumArguments());
    arguments.front() = run.value;
    arguments.back() = joined;
    result.value = evaluateBody(body, arguments, run.point.piece.lanes, position, run.point);
  }
}

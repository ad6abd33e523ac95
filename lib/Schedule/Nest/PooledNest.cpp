//===- PooledNest.cpp - kernels whose results are pooled ------------------===//
//
// Part of tflc, under the Apache License 2.0.
//
// A pooling runs over windows of what a kernel writes. The kernel's loops along the windows are cut
// into those from window to window and those in a window, so that one nest computes a window and
// pools it before the next.
//
//===----------------------------------------------------------------------===//

#include "PooledNest.h"

#include "Accesses.h"
#include "NonDecreasing.h"

#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/IR/AffineExpr.h"

using namespace mlir;
using namespace tflc;

bool tflc::takePooling(SmallVectorImpl<linalg::LinalgOp> &ops, std::optional<Pooling> &pooling) {
  auto isReduction = [](linalg::LinalgOp op) { return op.getNumReductionLoops() > 0; };
  if (llvm::count_if(ops, isReduction) < 2)
    return true;
  auto last = std::prev(llvm::find_if(llvm::reverse(ops), isReduction).base());
  size_t at = last - ops.begin();
  Pooling found;
  found.op = *last;
  auto fill = dyn_cast<linalg::FillOp>(ops[at - 1].getOperation());
  if (!fill || fill.output() != found.op.getDpsInits()[0] || ops.size() > at + 2)
    return false;
  auto initial = fill.value().getDefiningOp<arith::ConstantOp>();
  if (!initial)
    return false;
  found.initial = initial.getValue();
  if (ops.size() == at + 2)
    found.epilogue = ops[at + 1];
  ops.truncate(at - 1);
  pooling = found;
  return true;
}

namespace {

/// Cuts the loops of a nest into windows.
class WindowCut {
public:
  /// `loops` are the nest's loops along the dimensions of what is pooled.
  WindowCut(LoopNest &nest, ArrayRef<unsigned> loops)
      : nest(nest), pool(nest.pooling->op), loops(loops), loopOf(pool.getNumLoops(), 0),
        windows(loops.size(), 1), sizes(pool.getStaticLoopRanges()) {}

  /// False where windows overlap or do not begin at the first element.
  bool run() {
    if (!findWindows() || !writeResults())
      return false;
    addWindowLoops();
    return true;
  }

private:
  bool findWindows();
  bool findWindow(unsigned dim, AffineExpr expr);
  bool writeResults();
  void addWindowLoops();

  LoopNest &nest;
  linalg::LinalgOp pool;
  ArrayRef<unsigned> loops;
  /// For each loop of the pooling along results the loop of the nest.
  SmallVector<unsigned> loopOf;
  /// The size of a window along each dimension of what is pooled.
  SmallVector<int64_t> windows;
  SmallVector<int64_t> sizes;
  unsigned windowLoops = 0;
};

} // namespace

bool WindowCut::findWindows() {
  AffineMap inputs = pool.getMatchingIndexingMap(pool.getDpsInputOperand(0));
  AffineMap outputs = pool.getMatchingIndexingMap(pool.getDpsInitOperand(0));
  if (!outputs.isProjectedPermutation() || llvm::any_of(sizes, ShapedType::isDynamic) ||
      inputs.getNumResults() != loops.size())
    return false;
  for (auto [dim, expr] : llvm::enumerate(inputs.getResults()))
    if (!findWindow(dim, expr))
      return false;
  return windowLoops == pool.getNumReductionLoops();
}

/// The place along one dimension is the window's number times its size, plus the place in it.
bool WindowCut::findWindow(unsigned dim, AffineExpr expr) {
  LinearAccess linear;
  linear.coefficients.assign(pool.getNumLoops(), 0);
  if (!addLinear(expr, 1, linear) || linear.offset != 0)
    return false;
  std::optional<unsigned> along;
  int64_t stride = 0;
  for (auto [loop, coefficient] : llvm::enumerate(linear.coefficients)) {
    if (coefficient == 0)
      continue;
    if (pool.getIteratorTypesArray()[loop] == utils::IteratorType::reduction) {
      if (coefficient != 1)
        return false;
      windows[dim] *= sizes[loop];
      ++windowLoops;
      continue;
    }
    if (along)
      return false;
    along = loop;
    stride = coefficient;
  }
  if (!along || (stride != windows[dim] && sizes[*along] != 1))
    return false;
  loopOf[*along] = loops[dim];
  nest.dims[loops[dim]].size = sizes[*along];
  return true;
}

bool WindowCut::writeResults() {
  AffineMap outputs = pool.getMatchingIndexingMap(pool.getDpsInitOperand(0));
  linalg::LinalgOp writer = nest.pooling->epilogue ? nest.pooling->epilogue : pool;
  SmallVector<unsigned> written;
  for (AffineExpr result : outputs.getResults())
    written.push_back(loopOf[cast<AffineDimExpr>(result).getPosition()]);
  OpOperand *init = writer.getDpsInitOperand(0);
  std::optional<LinearAccess> output =
      makeAccess(init->get(), writer.getMatchingIndexingMap(init),
                 nest.pooling->epilogue ? written : loopOf, nest.dims.size());
  if (!output)
    return false;

  // Accumulators and results in between are not in memory.
  auto forget = [](LinearAccess &access) {
    access.coefficients.assign(access.coefficients.size(), 0);
    access.offset = 0;
  };
  forget(nest.init->output);
  forget(nest.reduction->output);
  if (!nest.epilogue) {
    nest.reduction->output = *output;
    return true;
  }
  for (auto [input, isAccumulator] :
       llvm::zip_equal(nest.epilogue->inputs, nest.epilogue->readsAccumulator))
    if (isAccumulator)
      forget(input);
  output->elementType = nest.epilogue->output.elementType;
  nest.epilogue->output = *output;
  return true;
}

/// The loops in the windows come right behind those from window to window.
void WindowCut::addWindowLoops() {
  unsigned behind = 0;
  for (auto [window, loop] : llvm::zip_equal(windows, loops))
    if (window > 1)
      behind = std::max(behind, loop + 1);
  for (auto [size, loop] : llvm::zip_equal(windows, loops)) {
    if (size == 1)
      continue;
    nest.dims.insert(nest.dims.begin() + behind, {size, false, true});
    const LinearAccess *pooled = &nest.last().output;
    nest.forEachAccess([&, window = size, along = loop](LinearAccess &access) {
      int64_t inWindow = &access == pooled ? 0 : access.coefficients[along];
      if (&access != pooled)
        access.coefficients[along] *= window;
      access.coefficients.insert(access.coefficients.begin() + behind, inWindow);
    });
    ++behind;
  }
}

/// Whether accumulators can be pooled before the epilogue. The least byte changes no largest one.
static bool poolsAccumulators(const LoopNest &nest) {
  const Pooling &pooling = *nest.pooling;
  linalg::LinalgOp pool = pooling.op;
  bool isLargest = isa_and_present<arith::MaxSIOp>(
      pool.getBlock()->getTerminator()->getOperand(0).getDefiningOp());
  auto dependsOnPlace = [&](const LinearAccess &access) {
    return llvm::any_of(llvm::enumerate(nest.dims), [&](auto dim) {
      return dim.value().isWindow && access.coefficients[dim.index()] != 0;
    });
  };
  auto initial = dyn_cast<IntegerAttr>(pooling.initial);
  return nest.epilogue && !pooling.epilogue && initial && initial.getValue().isMinSignedValue() &&
         isLargest && llvm::none_of(nest.epilogue->inputs, dependsOnPlace) &&
         neverDecreases(*nest.epilogue);
}

bool tflc::poolResults(LoopNest &nest, ArrayRef<unsigned> parallel) {
  linalg::LinalgOp last = nest.last().op;
  AffineMap written = last.getMatchingIndexingMap(last.getDpsInitOperand(0));
  if (!nest.init || (nest.epilogue && !written.isPermutation()))
    return false;
  SmallVector<unsigned> loops(parallel);
  if (nest.epilogue)
    for (auto [dim, result] : llvm::enumerate(written.getResults()))
      loops[dim] = parallel[cast<AffineDimExpr>(result).getPosition()];
  if (!WindowCut(nest, loops).run())
    return false;
  nest.pooling->ofAccumulators = poolsAccumulators(nest);
  return true;
}

//===- GatherWindows.cpp - windows of short runs as rows ------------------===//
//
// Part of tflc, under the Apache License 2.0.
//
//===----------------------------------------------------------------------===//

#include "Schedule/Nest/Contraction.h"

#include "tflc/Schedule/Passes.h"
#include "tflc/Target/TargetInfo.h"

#include "mlir/Dialect/Linalg/IR/Linalg.h"
#include "mlir/Dialect/Tensor/IR/Tensor.h"
#include "mlir/IR/ImplicitLocOpBuilder.h"
#include "mlir/IR/Matchers.h"
#include "llvm/ADT/SmallBitVector.h"
#include "llvm/Support/MathExtras.h"

namespace tflc {
#define GEN_PASS_DEF_GATHERWINDOWS
#include "tflc/Schedule/Passes.h.inc"
} // namespace tflc

using namespace mlir;

namespace {

/// A convolution of bytes, and how its windows lie in memory.
class WindowGatherer {
public:
  explicit WindowGatherer(linalg::GenericOp op)
      : op(op), sizes(op.getStaticLoopRanges()), kinds(op.getIteratorTypesArray()) {}

  /// Whether copies are worth their time and memory, for sums of `lanes` products at once.
  bool isWorthCopies(int64_t lanes);
  void gather();

private:
  bool match();
  int64_t stride(unsigned loop) const;
  int64_t product(bool isReduction) const;
  int64_t runLength() const;

  linalg::GenericOp op;
  SmallVector<int64_t> sizes; ///< of the loops
  SmallVector<utils::IteratorType> kinds;
  OpOperand *rows = nullptr;      ///< the operand that windows are read from
  AffineMap map;                  ///< of rows
  llvm::SmallBitVector movesRows; ///< loops that rows depend on
};

struct GatherWindowsPass : tflc::impl::GatherWindowsBase<GatherWindowsPass> {
  void runOnOperation() override {
    FailureOr<tflc::TargetInfo> target = tflc::getTarget(getOperation());
    if (failed(target))
      return signalPassFailure();
    const tflc::DotProduct &dot = *target->instructions.dot;
    if (!dot.sumsVectors())
      return;
    SmallVector<WindowGatherer> found;
    getOperation().walk([&](linalg::GenericOp op) {
      WindowGatherer gatherer(op);
      if (gatherer.isWorthCopies(dot.signedBytes))
        found.push_back(gatherer);
    });
    for (WindowGatherer &gatherer : found)
      gatherer.gather();
  }
};

} // namespace

/// A product of bytes with constant weights, rows of known shape.
bool WindowGatherer::match() {
  if (!op.hasPureTensorSemantics() || op.getNumDpsInputs() != 2 ||
      ShapedType::isDynamicShape(sizes) || op.getNumReductionLoops() == 0)
    return false;
  auto contraction = tflc::matchContraction(op.getBody());
  if (!contraction || !contraction->isExtended())
    return false;
  for (OpOperand *input : op.getDpsInputOperands()) {
    if (!getElementTypeOrSelf(input->get()).isInteger(8))
      return false;
    if (!matchPattern(input->get(), m_Constant()))
      rows = rows ? nullptr : input;
  }
  if (!rows)
    return false;
  map = op.getMatchingIndexingMap(rows);
  movesRows.resize(sizes.size());
  for (unsigned loop = 0; loop < sizes.size(); ++loop)
    movesRows[loop] = map.isFunctionOfDim(loop);
  return true;
}

/// Elements from one iteration of a loop to the next in the tensor of rows.
int64_t WindowGatherer::stride(unsigned loop) const {
  SmallVector<int64_t> origin(sizes.size(), 0), next = origin;
  next[loop] = 1;
  auto shape = cast<RankedTensorType>(rows->get().getType()).getShape();
  int64_t distance = 0;
  for (auto [from, to, size] : llvm::zip_equal(map.compose(origin), map.compose(next), shape))
    distance = distance * size + to - from;
  return distance;
}

/// Iterations of all loops of a kind.
int64_t WindowGatherer::product(bool isReduction) const {
  int64_t count = 1;
  for (auto [size, kind] : llvm::zip_equal(sizes, kinds))
    count *= (kind == utils::IteratorType::reduction) == isReduction ? size : 1;
  return count;
}

/// Neighbours in memory at the end of the reduction.
int64_t WindowGatherer::runLength() const {
  int64_t length = 1;
  for (unsigned loop = sizes.size(); loop-- > 0;) {
    if (kinds[loop] != utils::IteratorType::reduction || sizes[loop] == 1)
      continue;
    if (stride(loop) != length)
      break;
    length *= sizes[loop];
  }
  return length;
}

bool WindowGatherer::isWorthCopies(int64_t lanes) {
  if (!match())
    return false;
  int64_t depth = product(/*isReduction=*/true), run = runLength();
  // Up to four runs are written out and loaded with their neighbours (`quad_runs` of MVE).
  constexpr int64_t mostWrittenOut = 4;
  if (run >= lanes || depth / run <= mostWrittenOut ||
      depth / run * lanes < 2 * int64_t(llvm::alignTo(depth, lanes)))
    return false;
  // The copies of a window take no more memory than its results, whose columns also repay them.
  int64_t columns = 1;
  for (unsigned loop = 0; loop < sizes.size(); ++loop)
    columns *= movesRows[loop] ? 1 : sizes[loop];
  return depth <= columns;
}

void WindowGatherer::gather() {
  ImplicitLocOpBuilder b(op.getLoc(), op);
  // The copies have the loops that move rows, in their order.
  SmallVector<AffineExpr> toCopy(sizes.size(), b.getAffineConstantExpr(0)), projection;
  SmallVector<int64_t> shape;
  for (unsigned loop : movesRows.set_bits()) {
    toCopy[loop] = b.getAffineDimExpr(shape.size());
    projection.push_back(b.getAffineDimExpr(loop));
    shape.push_back(sizes[loop]);
  }
  unsigned rank = shape.size();
  AffineMap source = map.replaceDimsAndSymbols(toCopy, {}, rank, 0);
  Value empty = tensor::EmptyOp::create(b, shape, getElementTypeOrSelf(rows->get()));
  SmallVector<utils::IteratorType> parallel(rank, utils::IteratorType::parallel);
  auto copy = linalg::GenericOp::create(b, empty.getType(), rows->get(), empty,
                                        ArrayRef{source, b.getMultiDimIdentityMap(rank)}, parallel,
                                        [](OpBuilder &nested, Location loc, ValueRange args) {
                                          linalg::YieldOp::create(nested, loc, args[0]);
                                        });
  SmallVector<AffineMap> maps = op.getIndexingMapsArray();
  maps[rows->getOperandNumber()] = AffineMap::get(sizes.size(), 0, projection, b.getContext());
  rows->set(copy.getResult(0));
  op.setIndexingMapsAttr(b.getAffineMapArrayAttr(maps));
}

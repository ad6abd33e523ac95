//===- FillBorders.cpp - padding is written around its interior -----------===//
//
// Part of tflc, under the Apache License 2.0.
//
//===----------------------------------------------------------------------===//

#include "tflc/Schedule/Passes.h"

#include "InPlace.h"

#include "mlir/Dialect/Func/IR/FuncOps.h"
#include "mlir/Dialect/Linalg/IR/Linalg.h"
#include "mlir/Dialect/MemRef/IR/MemRef.h"
#include "mlir/IR/ImplicitLocOpBuilder.h"
#include "mlir/Interfaces/ViewLikeInterface.h"

namespace tflc {
#define GEN_PASS_DEF_FILLBORDERS
#include "tflc/Schedule/Passes.h.inc"
} // namespace tflc

using namespace mlir;

namespace {

/// A box of a buffer's elements.
struct Box {
  SmallVector<int64_t> offsets, sizes;

  int64_t volume() const {
    int64_t product = 1;
    for (int64_t size : sizes)
      product *= size;
    return product;
  }
  bool intersects(const Box &other) const {
    for (unsigned d = 0; d < sizes.size(); ++d)
      if (offsets[d] + sizes[d] <= other.offsets[d] ||
          other.offsets[d] + other.sizes[d] <= offsets[d])
        return false;
    return true;
  }
  /// The smallest box around both.
  void extend(const Box &other) {
    for (unsigned d = 0; d < sizes.size(); ++d) {
      int64_t end = std::max(offsets[d] + sizes[d], other.offsets[d] + other.sizes[d]);
      offsets[d] = std::min(offsets[d], other.offsets[d]);
      sizes[d] = end - offsets[d];
    }
  }
};

/// The box of the whole buffer that `view` of the part `source` shows; none where it has another
/// rank, unknown sizes or strides.
std::optional<Box> boxOf(memref::SubViewOp view, const Box &source) {
  auto isStatic = [](ArrayRef<int64_t> values) {
    return llvm::none_of(values, ShapedType::isDynamic);
  };
  if (view.getType().getRank() != view.getSourceType().getRank() ||
      !isStatic(view.getStaticOffsets()) || !isStatic(view.getStaticSizes()) ||
      llvm::any_of(view.getStaticStrides(), [](int64_t stride) { return stride != 1; }))
    return std::nullopt;
  Box box{SmallVector<int64_t>(view.getStaticOffsets()),
          SmallVector<int64_t>(view.getStaticSizes())};
  for (auto [offset, base] : llvm::zip_equal(box.offsets, source.offsets))
    offset += base;
  return box;
}

/// Whether `op` writes every element of `view` and needs none that was there before.
bool overwrites(Operation *op, Value view) {
  if (auto fill = dyn_cast<linalg::FillOp>(op))
    return fill.getOutputs()[0] == view;
  auto generic = dyn_cast<linalg::GenericOp>(op);
  if (!generic || generic.getNumDpsInits() != 1 || generic.getDpsInits()[0] != view ||
      generic.getNumParallelLoops() != generic.getNumLoops() ||
      llvm::is_contained(generic.getDpsInputs(), view))
    return false;
  OpOperand *init = generic.getDpsInitOperand(0);
  return generic.getMatchingIndexingMap(init).isPermutation() &&
         !generic.payloadUsesValueFromOperand(init);
}

/// Ops that use one view of a buffer.
struct Part {
  Value view;
  std::optional<Box> box; // none where it is unknown what they see
  SmallVector<Operation *> users;
};

/// Sorts all users of `buffer`, which shows `box`, by the view that they use; false where one is
/// not in `block`.
bool collectParts(Value buffer, std::optional<Box> box, Block *block,
                  SmallVectorImpl<Part> &parts) {
  Part direct{buffer, box, {}};
  for (Operation *user : buffer.getUsers()) {
    if (user->getBlock() != block)
      return false;
    auto view = dyn_cast<ViewLikeOpInterface>(user);
    if (!view) {
      direct.users.push_back(user);
      continue;
    }
    auto subview = dyn_cast<memref::SubViewOp>(user);
    for (Value result : user->getResults())
      if (!collectParts(result, subview && box ? boxOf(subview, *box) : std::nullopt, block, parts))
        return false;
  }
  if (!direct.users.empty())
    parts.push_back(std::move(direct));
  return true;
}

struct FillBordersPass : tflc::impl::FillBordersBase<FillBordersPass> {
  void runOnOperation() override {
    SmallVector<linalg::FillOp> fills;
    getOperation().walk([&](linalg::FillOp fill) { fills.push_back(fill); });
    for (linalg::FillOp fill : fills)
      narrow(fill);
  }

private:
  /// Replaces a fill of a whole buffer, whose interior other ops overwrite, by fills of the border.
  static void narrow(linalg::FillOp fill) {
    auto alloc = fill.getOutputs()[0].getDefiningOp<memref::AllocOp>();
    Block *block = fill->getBlock();
    if (!alloc || !alloc.getType().hasStaticShape() || alloc->getBlock() != block)
      return;

    ArrayRef<int64_t> shape = alloc.getType().getShape();
    SmallVector<Part> parts;
    if (!collectParts(alloc,
                      Box{SmallVector<int64_t>(shape.size(), 0), SmallVector<int64_t>(shape)},
                      block, parts))
      return;

    // Boxes that are overwritten as a whole, and the first op that sees anything else.
    std::optional<Box> interior;
    SmallVector<Box> boxes;
    int64_t covered = 0;
    Operation *outside = nullptr, *lastWrite = nullptr;
    for (Part &part : parts) {
      llvm::erase(part.users, fill);
      if (part.users.empty())
        continue;
      Operation *first = *llvm::min_element(
          part.users, [](Operation *a, Operation *b) { return a->isBeforeInBlock(b); });
      if (first->isBeforeInBlock(fill))
        return;
      if (part.view == alloc || !part.box || !overwrites(first, part.view)) {
        // Another writer would have to come after the border.
        if (!outside || first->isBeforeInBlock(outside))
          outside = first;
        continue;
      }
      if (llvm::any_of(boxes, [&](const Box &other) { return other.intersects(*part.box); }))
        return;
      boxes.push_back(*part.box);
      covered += part.box->volume();
      if (interior)
        interior->extend(*part.box);
      else
        interior = part.box;
      if (!lastWrite || lastWrite->isBeforeInBlock(first))
        lastWrite = first;
    }
    if (!interior || interior->volume() != covered ||
        (outside && outside->isBeforeInBlock(lastWrite)))
      return;
    if (outside)
      fillAround(fill, alloc, *interior, outside);
    fill.erase();
  }

  /// In the order of memory the border is a head, the gaps between runs of the interior, and a
  /// tail.
  static void fillAround(linalg::FillOp fill, memref::AllocOp alloc, const Box &interior,
                         Operation *reader) {
    ImplicitLocOpBuilder b(fill.getLoc(), reader);
    ArrayRef<int64_t> shape = alloc.getType().getShape();
    int64_t rank = shape.size();
    SmallVector<int64_t> strides(rank, 1);
    for (int64_t d = rank - 1; d-- > 0;)
      strides[d] = strides[d + 1] * shape[d + 1];
    auto emit = [&](int64_t offset, ArrayRef<int64_t> sizes, ArrayRef<int64_t> steps) {
      auto layout = StridedLayoutAttr::get(b.getContext(), offset, steps);
      auto type = MemRefType::get(sizes, alloc.getType().getElementType(), layout);
      Value part = memref::ReinterpretCastOp::create(b, type, alloc, offset, sizes, steps);
      linalg::FillOp::create(b, fill.getInputs()[0], part);
    };
    // Elements of one step of dimension d in front of the interior's and behind them.
    int64_t head = 0, tail = 0;
    for (int64_t d = rank; d-- > 0;) {
      int64_t low = interior.offsets[d], size = interior.sizes[d];
      if (int64_t gap = tail + head; gap > 0 && size > 1) {
        SmallVector<int64_t> sizes(ArrayRef(interior.sizes).take_front(d));
        SmallVector<int64_t> steps(ArrayRef(strides).take_front(d + 1));
        sizes.append({size - 1, gap});
        steps.push_back(1);
        int64_t offset = strides[d] - tail;
        for (int64_t e = 0; e <= d; ++e)
          offset += interior.offsets[e] * strides[e];
        emit(offset, sizes, steps);
      }
      head += low * strides[d];
      tail += (shape[d] - low - size) * strides[d];
    }
    if (head > 0)
      emit(0, {head}, {1});
    if (tail > 0)
      emit(alloc.getType().getNumElements() - tail, {tail}, {1});
  }
};

} // namespace

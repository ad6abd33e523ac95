//===- SharedLoop.cpp - kernels that run along one loop together ----------===//
//
// Part of tflc, under the Apache License 2.0.
//
//===----------------------------------------------------------------------===//

#include "SharedLoop.h"

#include "RowKernel.h"
#include "Schedule/Memory/ArenaBuffers.h"
#include "Schedule/Memory/InPlace.h"
#include "Schedule/Nest/Contraction.h"

#include "tflc/Support/ElementSize.h"

using namespace mlir;
using namespace tflc;

/// What is known of a view's memory: its strides in elements, if it begins with its memory.
static std::optional<SmallVector<int64_t>> findStrides(Value view) {
  auto type = cast<MemRefType>(view.getType());
  SmallVector<int64_t> strides;
  int64_t offset = 0;
  if (!type.hasStaticShape() || failed(type.getStridesAndOffset(strides, offset)) || offset != 0 ||
      llvm::any_of(strides, ShapedType::isDynamic))
    return std::nullopt;
  return strides;
}

/// The distance of the slices along `dim` of `view`, if all of `base` is such slices, one behind
/// the other.
static std::optional<int64_t> findSliceStride(Value view, unsigned dim, Value base) {
  auto type = cast<MemRefType>(view.getType()), whole = cast<MemRefType>(base.getType());
  auto strides = findStrides(view);
  if (!strides || !whole.hasStaticShape() || !whole.getLayout().isIdentity() ||
      whole.getElementType() != type.getElementType())
    return std::nullopt;
  int64_t stride = (*strides)[dim], last = 0;
  for (auto [other, size] : llvm::enumerate(type.getShape()))
    if (other != dim)
      last += (size - 1) * (*strides)[other];
  if (last >= stride || stride * type.getDimSize(dim) != whole.getNumElements())
    return std::nullopt;
  return stride;
}

/// The dimension along which slices of known distance lie.
std::optional<unsigned> SharedLoop::findDim(Value view) const {
  auto known = strides.find(findBaseBuffer(view));
  auto stridesOfView = findStrides(view);
  if (known == strides.end() || !stridesOfView)
    return std::nullopt;
  auto type = cast<MemRefType>(view.getType());
  for (auto [dim, stride] : llvm::enumerate(*stridesOfView))
    if (stride == known->second && type.getDimSize(dim) == iterations)
      return dim;
  return std::nullopt;
}

/// The dimension of an operand along a loop, as the only one and step by step. The outer optional
/// is none where it has another form, the inner one where the operand is the same in all
/// iterations.
static std::optional<std::optional<unsigned>> findDimAlong(AffineMap map, unsigned loop) {
  std::optional<unsigned> found;
  for (auto [dim, index] : llvm::enumerate(map.getResults())) {
    if (!index.isFunctionOfDim(loop))
      continue;
    if (found || !isa<AffineDimExpr>(index))
      return std::nullopt;
    found = dim;
  }
  return std::optional(found);
}

/// Whether parts along `dim` of a view are pieces of a few bytes all over it, as columns of a
/// matrix are.
static bool isInShreds(MemRefType type, unsigned dim) {
  constexpr int64_t leastBytes = 16;
  SmallVector<int64_t> strides;
  int64_t offset = 0;
  if (failed(type.getStridesAndOffset(strides, offset)))
    return true;
  if (strides[dim] * getElementBytes(type.getElementType()) >= leastBytes)
    return false;
  return llvm::any_of(llvm::zip_equal(type.getShape(), strides), [&](auto other) {
    auto [size, stride] = other;
    return size > 1 && stride > strides[dim];
  });
}

/// A product of rows and columns of which one would be read as a whole in every iteration.
static bool repeatsFactor(linalg::LinalgOp op, unsigned loop) {
  auto product = op.getNumReductionLoops() > 0 ? matchContraction(op.getBlock()) : std::nullopt;
  if (!product)
    return false;
  return llvm::any_of(op.getDpsInputOperands(), [&](OpOperand *operand) {
    return isa<MemRefType>(operand->get().getType()) &&
           !op.getMatchingIndexingMap(operand).isFunctionOfDim(loop);
  });
}

/// Finds the loop of each op of the kernel from what is known of the buffers; none where there is
/// none, or not enough is known.
std::optional<SharedKernel> SharedLoop::cut(tflrt::KernelOp kernel) const {
  SharedKernel result;
  result.kernel = kernel;
  SmallVector<linalg::LinalgOp> ops = linalgOpsOf(kernel);
  auto isLocal = [&](Value value) {
    Operation *op = value.getDefiningOp();
    return op && op->getParentOp() == kernel;
  };
  DenseMap<Value, unsigned> dims; // along the loops found so far
  auto knownDim = [&](Value value) -> std::optional<unsigned> {
    auto found = dims.find(value);
    if (found != dims.end())
      return found->second;
    return isLocal(value) ? std::nullopt : findDim(value);
  };
  DenseMap<Operation *, unsigned> loops;
  for (bool changed = true; changed;) {
    changed = false;
    for (linalg::LinalgOp op : ops) {
      if (loops.contains(op))
        continue;
      std::optional<unsigned> loop;
      for (OpOperand &operand : op->getOpOperands()) {
        if (!isa<MemRefType>(operand.get().getType()))
          continue;
        std::optional<unsigned> dim = knownDim(operand.get());
        if (!dim)
          continue;
        if (auto index =
                dyn_cast<AffineDimExpr>(op.getMatchingIndexingMap(&operand).getResult(*dim)))
          loop = index.getPosition();
      }
      if (!loop)
        continue;
      loops[op] = *loop;
      changed = true;
      for (OpOperand &operand : op->getOpOperands())
        if (auto dim = findDimAlong(op.getMatchingIndexingMap(&operand), *loop); dim && *dim)
          dims.try_emplace(operand.get(), **dim);
    }
  }
  for (linalg::LinalgOp op : ops) {
    auto loop = loops.find(op);
    if (loop == loops.end() || op.hasDynamicShape() || !hasPureBody(op) ||
        op.getIteratorTypesArray()[loop->second] != utils::IteratorType::parallel ||
        op.getStaticLoopRanges()[loop->second] != iterations || repeatsFactor(op, loop->second))
      return std::nullopt;
    for (OpOperand &operand : op->getOpOperands()) {
      auto type = dyn_cast<MemRefType>(operand.get().getType());
      if (!type)
        continue;
      auto dim = findDimAlong(op.getMatchingIndexingMap(&operand), loop->second);
      bool isWritten = op.isDpsInit(&operand);
      if (!dim || (*dim && (type.getDimSize(**dim) != iterations || isInShreds(type, **dim))) ||
          (isWritten && !*dim))
        return std::nullopt;
      if (isLocal(operand.get())) {
        if (!*dim || knownDim(operand.get()) != *dim)
          return std::nullopt;
        result.locals[operand.get()] = **dim;
        continue;
      }
      auto *known = llvm::find_if(result.accesses, [&](const SharedAccess &access) {
        return access.view == operand.get();
      });
      if (known == result.accesses.end())
        result.accesses.push_back({operand.get(), findBaseBuffer(operand.get()), *dim, isWritten});
      else if (known->dim == *dim)
        known->isWritten |= isWritten;
      else
        return std::nullopt;
    }
  }
  return result;
}

void SharedLoop::take(SharedKernel kernel) {
  for (const SharedAccess &access : kernel.accesses)
    if (auto stride =
            access.dim ? findSliceStride(access.view, *access.dim, access.base) : std::nullopt)
      strides.try_emplace(access.base, *stride);
  auto place = llvm::find_if(
      members, [&](SharedKernel &member) { return kernel.kernel->isBeforeInBlock(member.kernel); });
  members.insert(place, std::move(kernel));
}

std::optional<SharedLoop> SharedLoop::begin(tflrt::KernelOp kernel) {
  SmallVector<linalg::LinalgOp> ops = linalgOpsOf(kernel);
  if (ops.empty() || ops.back().getNumDpsInits() != 1)
    return std::nullopt;
  Value output = ops.back().getDpsInits()[0];
  auto type = dyn_cast<MemRefType>(output.getType());
  if (!type || !type.hasStaticShape() || !type.getElementType().isIntOrFloat())
    return std::nullopt;
  const auto *outermost = llvm::find_if(type.getShape(), [](int64_t size) { return size > 1; });
  if (outermost == type.getShape().end())
    return std::nullopt;
  unsigned dim = outermost - type.getShape().begin();
  Value base = findBaseBuffer(output);
  auto stride = findSliceStride(output, dim, base);
  if (!stride)
    return std::nullopt;
  SharedLoop loop(*outermost);
  loop.strides[base] = *stride;
  auto first = loop.cut(kernel);
  if (!first)
    return std::nullopt;
  loop.take(std::move(*first));
  return loop;
}

bool SharedLoop::add(tflrt::KernelOp kernel) {
  pending.push_back(kernel);
  for (bool changed = true; changed;) {
    changed = false;
    for (tflrt::KernelOp candidate : pending) {
      auto found = cut(candidate);
      if (!found)
        continue;
      take(std::move(*found));
      llvm::erase(pending, candidate);
      changed = true;
      break;
    }
  }
  constexpr size_t mostPending = 6;
  return pending.size() <= mostPending;
}

/// Whether each iteration reads and writes its own slices of all that is written.
bool SharedLoop::isOrderFree() const {
  DenseMap<Value, SmallVector<std::pair<unsigned, const SharedAccess *>>> byBase;
  for (auto [number, member] : llvm::enumerate(members))
    for (const SharedAccess &access : member.accesses)
      byBase[access.base].push_back({number, &access});
  for (auto &[base, accesses] : byBase) {
    if (llvm::none_of(accesses, [](auto &entry) { return entry.second->isWritten; }))
      continue;
    if (accesses.size() == 1 && accesses[0].second->dim)
      continue; // written alone, wherever its slices lie
    for (auto &[number, access] : accesses)
      if (!access->dim ||
          findSliceStride(access->view, *access->dim, base) != std::optional(strideOf(base)))
        return false;
  }
  return true;
}

/// Whether the kernels of the loop that were in front of `kernel` may as well run behind it.
bool SharedLoop::mayRunBefore(tflrt::KernelOp kernel) const {
  DenseMap<Value, bool> isWritten; // of what `kernel` touches
  for (linalg::LinalgOp op : linalgOpsOf(kernel))
    for (OpOperand &operand : op->getOpOperands())
      if (isa<MemRefType>(operand.get().getType()))
        isWritten[findBaseBuffer(operand.get())] |= op.isDpsInit(&operand);
  return llvm::all_of(members, [&](const SharedKernel &member) {
    tflrt::KernelOp before = member.kernel;
    return !before->isBeforeInBlock(kernel) ||
           llvm::none_of(member.accesses, [&](const SharedAccess &access) {
             auto touched = isWritten.find(access.base);
             return touched != isWritten.end() && (touched->second || access.isWritten);
           });
  });
}

SmallVector<Value> SharedLoop::findIntermediates() const {
  DenseSet<Operation *> inside;
  for (const SharedKernel &member : members)
    inside.insert(member.kernel);
  SmallVector<Value> result;
  for (const SharedKernel &member : members)
    for (const SharedAccess &access : member.accesses) {
      auto alloc = access.base.getDefiningOp<memref::AllocOp>();
      if (access.isWritten && alloc && alloc->getBlock() == member.kernel->getBlock() &&
          strides.contains(access.base) && !llvm::is_contained(result, access.base) &&
          isTouchedByOnly(access.base, inside))
        result.push_back(access.base);
    }
  return result;
}

int64_t SharedLoop::sliceBytes(Value base) const {
  auto type = cast<MemRefType>(base.getType());
  return strides.contains(base) ? sizeInBytes(type) / iterations : 0;
}

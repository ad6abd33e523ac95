//===- PlanArena.cpp - places of intermediate buffers ---------------------===//
//
// Part of tflc, under the Apache License 2.0.
//
//===----------------------------------------------------------------------===//

#include "tflc/Analysis/ArenaPlanner.h"
#include "tflc/Schedule/Passes.h"

#include "InPlace.h"

#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/Func/IR/FuncOps.h"
#include "mlir/Dialect/MemRef/IR/MemRef.h"
#include "mlir/Interfaces/SideEffectInterfaces.h"
#include "mlir/Interfaces/ViewLikeInterface.h"
#include "llvm/Support/MathExtras.h"

namespace tflc {
#define GEN_PASS_DEF_TFLCPLANARENAPASS
#include "SchedulePasses.h.inc"
} // namespace tflc

using namespace mlir;

namespace {

/// Vectors of every target may load from an offset that is a multiple of this.
constexpr int64_t arenaAlignment = 64;

int64_t sizeInBytes(MemRefType type) {
  return type.getNumElements() * llvm::divideCeil(type.getElementTypeBitWidth(), 8);
}

/// A small buffer needs no more alignment than its size: nothing in it is loaded as a longer
/// vector.
int64_t alignmentFor(int64_t size) {
  return std::min<int64_t>(arenaAlignment, std::max<int64_t>(8, llvm::PowerOf2Ceil(size)));
}

/// The first and last op of `block` that touch `buffer`, directly or through views.
void extendLifetime(Value buffer, Block *block, const DenseMap<Operation *, int64_t> &steps,
                    int64_t &first, int64_t &last) {
  for (Operation *user : buffer.getUsers()) {
    Operation *top = block->findAncestorOpInBlock(*user);
    if (auto view = dyn_cast<ViewLikeOpInterface>(user); view && view.getViewSource() == buffer) {
      for (Value result : user->getResults())
        extendLifetime(result, block, steps, first, last);
      continue; // a view alone touches nothing
    }
    int64_t step = steps.lookup(top);
    first = std::min(first, step);
    last = std::max(last, step);
  }
}

/// Where kernels may write over what they read for the last time.
SmallVector<tflc::ArenaOverlap> findOverlaps(Block &body,
                                             const DenseMap<Operation *, int64_t> &steps,
                                             ArrayRef<memref::AllocOp> allocs,
                                             ArrayRef<tflc::ArenaBuffer> buffers) {
  SmallVector<tflc::ArenaOverlap> overlaps;
  for (auto kernel : body.getOps<tflc::tflrt::KernelOp>()) {
    int64_t step = steps.lookup(kernel);
    SmallVector<unsigned> begin, end;
    for (auto [i, buffer] : llvm::enumerate(buffers)) {
      if (buffer.first == step)
        begin.push_back(i);
      else if (buffer.last == step)
        end.push_back(i);
    }
    if (begin.empty() || end.empty() || !kernel.getStrategyAttr())
      continue;
    auto strategy = tflc::Strategy::fromAttr(kernel.getStrategyAttr());
    auto nest = tflc::analyzeKernel(kernel);
    if (!strategy || !nest)
      continue;
    nest->mergeDims();
    for (unsigned writer : begin)
      for (unsigned reader : end) {
        memref::AllocOp input = allocs[reader], output = allocs[writer];
        if (auto rule = tflc::findOverwriteRule(kernel, *nest, *strategy, input, output))
          overlaps.push_back({writer, reader, rule->distance, rule->multiple});
      }
  }
  return overlaps;
}

struct PlanArenaPass : tflc::impl::TFLCPlanArenaPassBase<PlanArenaPass> {
  void runOnOperation() override {
    ModuleOp module = getOperation();
    Builder attrs(&getContext());
    int64_t variables = 0;
    if (auto attr = module->getAttrOfType<IntegerAttr>("tflc.variables_size"))
      variables = llvm::alignTo(attr.getInt(), arenaAlignment);

    int64_t arenaSize = variables, lowerBound = variables;
    SmallVector<Attribute> map;
    for (auto func : module.getOps<func::FuncOp>()) {
      if (func.isDeclaration())
        continue;
      Value arena = findArena(func);
      if (!arena)
        continue;
      Block &body = func.front();
      // What takes no memory takes no time either.
      DenseMap<Operation *, int64_t> steps;
      int64_t step = 0;
      for (Operation &op : body) {
        steps[&op] = step;
        step += !isPure(&op) && !isa<ViewLikeOpInterface, memref::AllocOp>(op);
      }

      SmallVector<memref::AllocOp> allocs;
      SmallVector<tflc::ArenaBuffer> buffers;
      for (auto alloc : llvm::make_early_inc_range(body.getOps<memref::AllocOp>())) {
        MemRefType type = alloc.getType();
        if (!type.hasStaticShape())
          continue; // placed at run time, see below
        tflc::ArenaBuffer buffer;
        buffer.size = sizeInBytes(type);
        buffer.alignment = alignmentFor(buffer.size);
        buffer.first = step;
        buffer.last = -1;
        extendLifetime(alloc, &body, steps, buffer.first, buffer.last);
        if (buffer.last < 0) {
          alloc.erase();
          continue;
        }
        allocs.push_back(alloc);
        buffers.push_back(buffer);
      }
      tflc::ArenaPlan plan = tflc::planArena(buffers, findOverlaps(body, steps, allocs, buffers));
      OpBuilder builder(&getContext());
      for (auto [alloc, buffer, offset] : llvm::zip_equal(allocs, buffers, plan.offsets)) {
        builder.setInsertionPoint(alloc);
        Value start = arith::ConstantIndexOp::create(builder, alloc.getLoc(), variables + offset);
        Value view = memref::ViewOp::create(builder, alloc.getLoc(), alloc.getType(), arena, start,
                                            ValueRange{});
        map.push_back(attrs.getDictionaryAttr({
            attrs.getNamedAttr("name", attrs.getStringAttr(nameOf(alloc))),
            attrs.getNamedAttr("offset", attrs.getI64IntegerAttr(variables + offset)),
            attrs.getNamedAttr("size", attrs.getI64IntegerAttr(buffer.size)),
            attrs.getNamedAttr("first", attrs.getI64IntegerAttr(buffer.first)),
            attrs.getNamedAttr("last", attrs.getI64IntegerAttr(buffer.last)),
            attrs.getNamedAttr("function", attrs.getStringAttr(func.getName())),
        }));
        alloc.replaceAllUsesWith(view);
        alloc.erase();
      }
      arenaSize = std::max(arenaSize, variables + plan.size);
      lowerBound = std::max(lowerBound, variables + plan.lowerBound);
    }
    // From here on the arena has a size.
    auto arenaType = MemRefType::get({std::max<int64_t>(arenaSize, 1)}, attrs.getI8Type());
    for (auto func : module.getOps<func::FuncOp>())
      if (!func.isDeclaration())
        if (Value arena = findArena(func)) {
          arena.setType(arenaType);
          func.setType(FunctionType::get(&getContext(), func.front().getArgumentTypes(), {}));
        }
    module->setAttr("tflc.arena_size", attrs.getI64IntegerAttr(arenaSize));
    module->setAttr("tflc.arena_lower_bound", attrs.getI64IntegerAttr(lowerBound));
    module->setAttr("tflc.arena_alignment", attrs.getI64IntegerAttr(arenaAlignment));
    module->setAttr("tflc.arena_map", attrs.getArrayAttr(map));
  }

private:
  static Value findArena(func::FuncOp func) {
    for (BlockArgument arg : func.getArguments())
      if (func.getArgAttr(arg.getArgNumber(), "tflc.arena"))
        return arg;
    return nullptr;
  }

  /// The tensor that a buffer stands for: the name in its location.
  static StringRef nameOf(Operation *op) {
    StringRef name;
    op->getLoc()->walk([&](Location loc) {
      if (auto named = dyn_cast<NameLoc>(loc)) {
        name = named.getName().getValue();
        return WalkResult::interrupt();
      }
      return WalkResult::advance();
    });
    return name;
  }
};

} // namespace

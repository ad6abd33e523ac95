//===- PlanArena.cpp - places of intermediate buffers ---------------------===//
//
// Part of tflc, under the Apache License 2.0.
//
//===----------------------------------------------------------------------===//

#include "ArenaBuffers.h"
#include "StepTree.h"

#include "tflc/Schedule/Passes.h"

#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/Func/IR/FuncOps.h"
#include "mlir/Dialect/MemRef/IR/MemRef.h"
#include "llvm/Support/MathExtras.h"

namespace tflc {
#define GEN_PASS_DEF_PLANARENA
#include "tflc/Schedule/Passes.h.inc"
} // namespace tflc

using namespace mlir;

namespace {

struct PlanArenaPass : tflc::impl::PlanArenaBase<PlanArenaPass> {
  void runOnOperation() override {
    ModuleOp module = getOperation();
    Builder attrs(&getContext());
    int64_t variables = 0;
    if (auto attr = module->getAttrOfType<IntegerAttr>("tflc.variables_size"))
      variables = llvm::alignTo(attr.getInt(), tflc::arenaAlignment);

    int64_t arenaSize = variables, lowerBound = variables;
    SmallVector<Attribute> map;
    for (auto func : module.getOps<func::FuncOp>()) {
      if (func.isDeclaration())
        continue;
      Value arena = findArena(func);
      if (!arena)
        continue;
      Block &body = func.front();
      tflc::ArenaBuffers arenaBuffers = tflc::collectArenaBuffers(body);
      ArrayRef<tflc::ArenaBuffer> buffers = arenaBuffers.buffers;
      tflc::ArenaPlan plan = tflc::planArena(buffers, arenaBuffers.overlaps);
      OpBuilder builder(&getContext());
      for (auto [value, buffer, offset] :
           llvm::zip_equal(arenaBuffers.allocs, buffers, plan.offsets)) {
        auto alloc = value.getDefiningOp<memref::AllocOp>();
        builder.setInsertionPoint(alloc);
        Value start = arith::ConstantIndexOp::create(builder, alloc.getLoc(), variables + offset);
        Value view = memref::ViewOp::create(builder, alloc.getLoc(), alloc.getType(), arena, start,
                                            alloc.getDynamicSizes());
        SmallVector<NamedAttribute> entry{
            attrs.getNamedAttr("name", attrs.getStringAttr(nameOf(alloc))),
            attrs.getNamedAttr("offset", attrs.getI64IntegerAttr(variables + offset)),
            attrs.getNamedAttr("size", attrs.getI64IntegerAttr(buffer.size)),
            attrs.getNamedAttr("first", attrs.getI64IntegerAttr(buffer.first)),
            attrs.getNamedAttr("last", attrs.getI64IntegerAttr(buffer.last)),
            attrs.getNamedAttr("function", attrs.getStringAttr(func.getName())),
        };
        if (Attribute rowsOf = alloc->getAttr(tflc::kRowsOfAttrName)) {
          entry.push_back(
              attrs.getNamedAttr("rows", attrs.getI64IntegerAttr(alloc.getType().getDimSize(1))));
          entry.push_back(attrs.getNamedAttr("rows_of", rowsOf));
        }
        map.push_back(attrs.getDictionaryAttr(entry));
        alloc.replaceAllUsesWith(view);
        alloc.erase();
      }
      tflc::StepTree tree(body);
      for (Block *block : tree.blocks())
        for (auto alloc : llvm::make_early_inc_range(block->getOps<memref::AllocOp>()))
          if (alloc.getType().hasStaticShape())
            alloc.erase(); // nothing touches it
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
    module->setAttr("tflc.arena_alignment", attrs.getI64IntegerAttr(tflc::arenaAlignment));
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

//===- PlanDynamicArena.cpp - places of buffers of unknown size -----------===//
//
// Part of tflc, under the Apache License 2.0.
//
//===----------------------------------------------------------------------===//

#include "StepTree.h"

#include "tflc/Schedule/Passes.h"
#include "tflc/Support/ElementSize.h"

#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/Func/IR/FuncOps.h"
#include "mlir/Dialect/MemRef/IR/MemRef.h"
#include "mlir/IR/ImplicitLocOpBuilder.h"
#include "mlir/Interfaces/SideEffectInterfaces.h"
#include "llvm/Support/MathExtras.h"

namespace tflc {
#define GEN_PASS_DEF_PLANDYNAMICARENA
#include "tflc/Schedule/Passes.h.inc"
} // namespace tflc

using namespace mlir;

namespace {

constexpr int64_t slotAlignment = 64;

/// A part of the arena whose size is a fixed number of bytes times the product of `factors`.
/// Buffers of the same unknown factors share it one after the other.
struct Slot {
  SmallVector<Value> factors;
  int64_t bytes = 0;
  int64_t busyUntil = -1;
  SmallVector<memref::AllocOp> buffers;
};

/// Computes `value` again at the builder's place from the function's dimensions, which `mapping`
/// holds. Fails where it depends on anything else.
FailureOr<Value> recompute(OpBuilder &builder, Value value, IRMapping &mapping) {
  if (Value known = mapping.lookupOrNull(value))
    return known;
  Operation *op = value.getDefiningOp();
  if (!op || !isPure(op) || op->getNumRegions() || op->getNumResults() != 1)
    return failure();
  for (Value operand : op->getOperands())
    if (failed(recompute(builder, operand, mapping)))
      return failure();
  return builder.clone(*op, mapping)->getResult(0);
}

struct PlanDynamicArenaPass : tflc::impl::PlanDynamicArenaBase<PlanDynamicArenaPass> {
  void runOnOperation() override {
    int64_t fixedSize = 0;
    if (auto attr = getOperation()->getAttrOfType<IntegerAttr>("tflc.arena_size"))
      fixedSize = llvm::alignTo(attr.getInt(), slotAlignment);
    for (auto func : llvm::to_vector(getOperation().getOps<func::FuncOp>()))
      if (!func.isDeclaration() && failed(plan(func, fixedSize)))
        return signalPassFailure();
  }

private:
  static SmallVector<Slot> assignSlots(Block &body) {
    tflc::StepTree tree(body);
    SmallVector<std::pair<memref::AllocOp, tflc::StepRange>> allocs;
    for (Block *block : tree.blocks())
      for (auto alloc : block->getOps<memref::AllocOp>())
        allocs.emplace_back(alloc, tree.lifetimeOf(alloc));
    llvm::stable_sort(allocs, [&](const auto &a, const auto &b) {
      return tree.numberOf(a.first) < tree.numberOf(b.first);
    });
    SmallVector<Slot> slots;
    for (auto [alloc, life] : allocs) {
      MemRefType type = alloc.getType();
      int64_t bytes = tflc::getElementBytes(type.getElementType());
      for (int64_t size : type.getShape())
        bytes *= ShapedType::isDynamic(size) ? 1 : size;
      SmallVector<Value> factors(alloc.getDynamicSizes());
      Slot *slot = llvm::find_if(slots, [&, first = tree.numberOf(alloc)](Slot &candidate) {
        return candidate.busyUntil < first && candidate.factors == factors;
      });
      if (slot == slots.end()) {
        slots.push_back({factors, 0, -1, {}});
        slot = &slots.back();
      }
      slot->bytes = std::max(slot->bytes, bytes);
      slot->busyUntil = std::max(slot->busyUntil, life.last);
      slot->buffers.push_back(alloc);
    }
    return slots;
  }

  /// The offsets of all slots, and behind them the size of the arena.
  static FailureOr<SmallVector<Value>> computeOffsets(ImplicitLocOpBuilder &builder,
                                                      ArrayRef<Slot> slots, int64_t fixedSize,
                                                      IRMapping &mapping) {
    SmallVector<Value> offsets;
    Value offset = arith::ConstantIndexOp::create(builder, fixedSize);
    Value mask = arith::ConstantIndexOp::create(builder, -slotAlignment);
    Value padding = arith::ConstantIndexOp::create(builder, slotAlignment - 1);
    for (const Slot &slot : slots) {
      offsets.push_back(offset);
      Value size = arith::ConstantIndexOp::create(builder, slot.bytes);
      for (Value factor : slot.factors) {
        auto value = recompute(builder, factor, mapping);
        if (failed(value))
          return slot.buffers.front()->emitError(
              "the size of an intermediate tensor depends on data; give the model fixed shapes");
        size = arith::MulIOp::create(builder, size, *value);
      }
      size = arith::AndIOp::create(builder, arith::AddIOp::create(builder, size, padding), mask);
      offset = arith::AddIOp::create(builder, offset, size);
    }
    offsets.push_back(offset);
    return offsets;
  }

  static LogicalResult plan(func::FuncOp func, int64_t fixedSize) {
    Block &body = func.front();
    Value arena;
    SmallVector<Value> dims;
    SmallVector<BlockArgument> buffers; // inputs and outputs
    for (BlockArgument arg : func.getArguments()) {
      if (func.getArgAttr(arg.getArgNumber(), "tflc.arena"))
        arena = arg;
      else if (func.getArgAttr(arg.getArgNumber(), "tflc.dim"))
        dims.push_back(arg);
      else
        buffers.push_back(arg);
    }
    if (!arena || dims.empty())
      return success();
    SmallVector<Slot> slots = assignSlots(body);
    if (failed(addPlanFunction(func, dims, buffers, slots, fixedSize)))
      return failure();
    if (slots.empty())
      return success();

    ImplicitLocOpBuilder builder(func.getLoc(), func.getContext());
    builder.setInsertionPointToStart(&body);
    IRMapping mapping;
    for (Value dim : dims)
      mapping.map(dim, dim);
    auto offsets = computeOffsets(builder, slots, fixedSize, mapping);
    if (failed(offsets))
      return failure();
    for (auto [slot, offset] : llvm::zip(slots, *offsets))
      for (memref::AllocOp alloc : slot.buffers) {
        OpBuilder at(alloc);
        Value view = memref::ViewOp::create(at, alloc.getLoc(), alloc.getType(), arena, offset,
                                            alloc.getDynamicSizes());
        alloc.replaceAllUsesWith(view);
        alloc.erase();
      }
    return success();
  }

  /// Adds `<function>.plan`, which maps the dimensions to the arena's size and the unknown
  /// dimensions of the outputs, in order.
  static LogicalResult addPlanFunction(func::FuncOp func, ArrayRef<Value> dims,
                                       ArrayRef<BlockArgument> buffers, ArrayRef<Slot> slots,
                                       int64_t fixedSize) {
    ImplicitLocOpBuilder builder(func.getLoc(), func.getContext());
    builder.setInsertionPointAfter(func);
    Type index = builder.getIndexType();
    auto plan = func::FuncOp::create(
        builder, (func.getName() + ".plan").str(),
        builder.getFunctionType(SmallVector<Type>(dims.size(), index), TypeRange{}));
    builder.setInsertionPointToStart(plan.addEntryBlock());
    IRMapping mapping;
    for (auto [dim, arg] : llvm::zip(dims, plan.getArguments()))
      mapping.map(dim, arg);
    auto offsets = computeOffsets(builder, slots, fixedSize, mapping);
    if (failed(offsets))
      return failure();
    SmallVector<Value> results = {offsets->back()};
    for (BlockArgument buffer : buffers) {
      if (isInput(func, buffer, dims))
        continue;
      auto user = llvm::find_if(buffer.getUsers(), [](Operation *op) {
        auto view = dyn_cast<memref::ViewOp>(op);
        return view && !view.getSizes().empty();
      });
      if (user == buffer.getUsers().end())
        continue;
      for (Value size : cast<memref::ViewOp>(*user).getSizes()) {
        auto value = recompute(builder, size, mapping);
        if (failed(value))
          return user->emitError(
              "the shape of an output depends on data; give the model fixed shapes");
        results.push_back(*value);
      }
    }
    func::ReturnOp::create(builder, results);
    plan.setType(builder.getFunctionType(plan.getArgumentTypes(), ValueRange(results).getTypes()));
    return success();
  }

  /// Whether one of the unknown dimensions is that of `buffer`; those of outputs are no arguments.
  static bool isInput(func::FuncOp func, BlockArgument buffer, ArrayRef<Value> dims) {
    return llvm::any_of(dims, [&](Value dim) {
      auto origin =
          func.getArgAttrOfType<ArrayAttr>(cast<BlockArgument>(dim).getArgNumber(), "tflc.dim");
      return origin && cast<IntegerAttr>(origin[0]).getInt() == buffer.getArgNumber();
    });
  }
};

} // namespace

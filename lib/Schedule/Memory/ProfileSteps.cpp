//===- ProfileSteps.cpp - the time of every step of a model ---------------===//
//
// Part of tflc, under the Apache License 2.0.
//
//===----------------------------------------------------------------------===//

#include "StepTree.h"

#include "tflc/Schedule/Passes.h"
#include "tflc/Schedule/StepInfo.h"
#include "tflc/Target/Clock.h"

#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/Func/IR/FuncOps.h"
#include "mlir/Dialect/LLVMIR/LLVMDialect.h"
#include "mlir/Dialect/MemRef/IR/MemRef.h"
#include "mlir/IR/ImplicitLocOpBuilder.h"
#include "mlir/Interfaces/SideEffectInterfaces.h"
#include "llvm/Support/MathExtras.h"

namespace tflc {
#define GEN_PASS_DEF_PROFILESTEPS
#include "tflc/Schedule/Passes.h.inc"
} // namespace tflc

using namespace mlir;
using namespace tflc;

namespace {

BlockArgument findArena(func::FuncOp func) {
  for (BlockArgument arg : func.getArguments())
    if (func.getArgAttr(arg.getArgNumber(), "tflc.arena"))
      return arg;
  return nullptr;
}

bool hasUnknownDims(func::FuncOp func) {
  for (unsigned i = 0; i < func.getNumArguments(); ++i)
    if (func.getArgAttr(i, "tflc.dim"))
      return true;
  return false;
}

/// Whether `op` writes memory. Views, constants, loads and what computes sizes are no steps.
bool isStep(Operation &op) {
  if (op.hasTrait<OpTrait::IsTerminator>() || isMemoryEffectFree(&op))
    return false;
  bool writes = false;
  op.walk([&](Operation *inner) {
    if (auto effects = dyn_cast<MemoryEffectOpInterface>(inner))
      writes |= effects.hasEffect<MemoryEffects::Write>();
    else if (!inner->hasTrait<OpTrait::HasRecursiveMemoryEffects>())
      writes |= !isMemoryEffectFree(inner);
  });
  return writes;
}

struct ProfileStepsPass : tflc::impl::ProfileStepsBase<ProfileStepsPass> {
  void runOnOperation() override {
    ModuleOp module = getOperation();
    FailureOr<TargetInfo> target = getTarget(module);
    if (failed(target))
      return signalPassFailure();
    clock = getClock(*target);
    SmallVector<Attribute> descriptions;
    SmallVector<std::pair<func::FuncOp, SmallVector<Operation *>>> profiled;
    int64_t numTimes = 0;
    for (auto func : module.getOps<func::FuncOp>()) {
      if (!func->hasAttr("tfl.signature") || !findArena(func) || hasUnknownDims(func))
        continue;
      SmallVector<Operation *> steps;
      StepTree tree(func.front());
      for (Operation *op : tree.steps())
        if (isStep(*op))
          steps.push_back(op);
      for (Operation *step : steps)
        descriptions.push_back(describeStep(step).toAttr(&getContext()));
      numTimes = std::max<int64_t>(numTimes, steps.size() + 2 + (areInOrder(func, steps) ? 0 : 1));
      profiled.emplace_back(func, std::move(steps));
    }
    Builder b(&getContext());
    module->setAttr(kStepsAttrName, b.getArrayAttr(descriptions));
    if (!clock)
      return;
    int64_t offset = growArena(module, numTimes * sizeof(int64_t));
    for (auto &[func, steps] : profiled)
      recordTimes(func, steps, offset);
    module->setAttr(kProfileOffsetAttrName, b.getI64IntegerAttr(offset));
  }

private:
  /// Appends memory to the arena of every function and returns its offset.
  int64_t growArena(ModuleOp module, int64_t bytes) {
    Builder b(&getContext());
    auto size = module->getAttrOfType<IntegerAttr>("tflc.arena_size");
    int64_t offset = llvm::alignTo(size ? size.getInt() : 0, sizeof(int64_t));
    auto type = MemRefType::get({offset + bytes}, b.getI8Type());
    for (auto func : module.getOps<func::FuncOp>()) {
      if (func.isDeclaration())
        continue;
      if (BlockArgument arena = findArena(func)) {
        arena.setType(type);
        func.setType(FunctionType::get(&getContext(), func.front().getArgumentTypes(),
                                       func.getResultTypes()));
      }
    }
    module->setAttr("tflc.arena_size", b.getI64IntegerAttr(offset + bytes));
    return offset;
  }

  /// Whether each step runs once, one behind the other.
  static bool areInOrder(func::FuncOp func, ArrayRef<Operation *> steps) {
    return llvm::all_of(steps, [&](Operation *step) { return step->getBlock() == &func.front(); });
  }

  void recordTimes(func::FuncOp func, ArrayRef<Operation *> steps, int64_t offset) {
    if (steps.empty())
      return;
    bool isInOrder = areInOrder(func, steps);
    ImplicitLocOpBuilder b(func.getLoc(), func.getContext());
    b.setInsertionPointToStart(&func.front());
    Value start = arith::ConstantIndexOp::create(b, offset);
    int64_t numTimes = steps.size() + 2 + (isInOrder ? 0 : 1);
    auto type = MemRefType::get({numTimes}, b.getI64Type());
    Value times = memref::ViewOp::create(b, type, findArena(func), start, ValueRange{});
    if (isInOrder)
      recordInOrder(b, steps, times);
    else
      recordSums(b, steps, times);
  }

  Value readClock(ImplicitLocOpBuilder &b) {
    return LLVM::InlineAsmOp::create(
               b, b.getI64Type(), ValueRange{}, clock->assembly, clock->constraints,
               /*has_side_effects=*/true, /*is_align_stack=*/false, LLVM::TailCallKind::None,
               LLVM::AsmDialectAttr::get(b.getContext(), LLVM::AsmDialect::AD_ATT),
               /*operand_attrs=*/ArrayAttr())
        .getResult(0);
  }

  static void store(ImplicitLocOpBuilder &b, Value time, Value times, int64_t place) {
    Value index = arith::ConstantIndexOp::create(b, place);
    memref::StoreOp::create(b, time, times, index);
  }

  static Value load(ImplicitLocOpBuilder &b, Value times, int64_t place) {
    Value index = arith::ConstantIndexOp::create(b, place);
    return memref::LoadOp::create(b, times, index);
  }

  /// One reading before the first step, one after each, and one more that shows what a reading
  /// costs.
  void recordInOrder(ImplicitLocOpBuilder &b, ArrayRef<Operation *> steps, Value times) {
    int64_t next = 0;
    auto record = [&] {
      Value now = readClock(b);
      store(b, now, times, next++);
    };
    b.setInsertionPoint(steps.front());
    record();
    for (Operation *step : steps) {
      b.setInsertionPointAfter(step);
      record();
    }
    record();
  }

  /// Sums of what each step takes, less what a reading costs, and at the end those of all steps
  /// before, so that they look like readings in order. The last place holds the latest reading.
  void recordSums(ImplicitLocOpBuilder &b, ArrayRef<Operation *> steps, Value times) {
    int64_t count = steps.size(), latest = count + 2;
    Value zero = arith::ConstantIntOp::create(b, b.getI64Type(), 0);
    for (int64_t i = 1; i <= count; ++i)
      store(b, zero, times, i);
    Value begin = readClock(b), first = readClock(b);
    Value cost = arith::SubIOp::create(b, first, begin);
    store(b, first, times, 0);
    store(b, first, times, latest);
    for (auto [i, step] : llvm::enumerate(steps)) {
      b.setInsertionPointAfter(step);
      Value now = readClock(b);
      Value taken = arith::SubIOp::create(b, now, load(b, times, latest));
      taken = arith::SubIOp::create(b, taken, cost);
      store(b, arith::AddIOp::create(b, load(b, times, i + 1), taken), times, i + 1);
      store(b, now, times, latest);
    }
    b.setInsertionPoint(times.getParentBlock()->getTerminator());
    for (int64_t i = 1; i <= count; ++i)
      store(b, arith::AddIOp::create(b, load(b, times, i - 1), load(b, times, i)), times, i);
    store(b, load(b, times, count), times, count + 1);
  }

  std::optional<ClockRead> clock;
};

} // namespace

//===- NarrowConstants.cpp - constants in fewer bytes ---------------------===//
//
// Part of tflc, under the Apache License 2.0.
//
//===----------------------------------------------------------------------===//

#include "NarrowForms.h"

#include "tflc/CodeGen/Passes.h"

#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/Func/IR/FuncOps.h"
#include "mlir/IR/BuiltinOps.h"
#include "mlir/Transforms/RegionUtils.h"
#include "llvm/ADT/SmallPtrSet.h"

namespace tflc {
#define GEN_PASS_DEF_NARROWCONSTANTS
#include "tflc/CodeGen/Passes.h.inc"
} // namespace tflc

using namespace mlir;
using namespace tflc;

//===----------------------------------------------------------------------===//
// What it costs
//===----------------------------------------------------------------------===//

/// What is executed in one call of a function as a whole: the step that an operation belongs to.
static Operation *getStep(Operation *op) {
  while (!isa<func::FuncOp>(op->getParentOp()))
    op = op->getParentOp();
  return op;
}

/// About how many instructions one call of a function spends in a step.
static int64_t countInstructions(Operation *step, const TargetInfo &target) {
  int64_t count = 0;
  step->walk([&](Operation *op) {
    if (op->getNumRegions() != 0 || op->hasTrait<OpTrait::IsTerminator>() ||
        op->hasTrait<OpTrait::ConstantLike>())
      return;
    Type type = op->getNumResults() != 0 ? op->getResult(0).getType() : Type();
    auto vector = dyn_cast_or_null<VectorType>(type);
    if (type && (type.isIndex() || isa<MemRefType>(type)))
      return; // addresses, of which instructions compute most
    int64_t registers = 1;
    if (vector && target.vectorBits == 0) {
      registers = vector.getNumElements();
    } else if (vector) {
      Type element = vector.getElementType();
      int64_t bits = element.isIntOrFloat() ? element.getIntOrFloatBitWidth() : target.pointerBits;
      registers = llvm::divideCeil(vector.getNumElements() * bits, target.vectorBits);
    }
    count += registers * countExecutions(op);
  });
  return count;
}

/// Whether a constant comes from beyond the second-level cache each time, since nothing of it is
/// read again soon: fewer bytes then make up for the code that unpacks them.
static bool comesFromMemory(DenseElementsAttr values, const ConstantReads &reads,
                            const TargetInfo &target) {
  if (target.vectorBits == 0 || target.l2Bytes == 0 ||
      static_cast<int64_t>(values.getRawData().size()) <= target.l2Bytes)
    return false;
  int64_t elements = 0;
  for (Operation *load : reads.loads) {
    auto vector = dyn_cast<VectorType>(load->getResult(0).getType());
    elements += (vector ? vector.getNumElements() : 1) * countExecutions(load);
  }
  constexpr int64_t fewTimes = 2;
  return elements <= fewTimes * values.getNumElements();
}

/// Whether the steps that read a constant take less than a twentieth longer.
static bool isCheap(const NarrowForm &form, const ConstantReads &reads, const TargetInfo &target) {
  int64_t more = 0, all = 0;
  llvm::SmallPtrSet<Operation *, 4> steps;
  for (Operation *load : reads.loads) {
    more += form.countInstructions(load->getResult(0).getType()) * countExecutions(load);
    Operation *step = getStep(load);
    if (steps.insert(step).second)
      all += countInstructions(step, target);
  }
  return more * 20 < all;
}

//===----------------------------------------------------------------------===//
// The pass
//===----------------------------------------------------------------------===//

static void eraseUnusedViews(Operation *view) {
  for (Operation *user : llvm::make_early_inc_range(view->getUsers()))
    eraseUnusedViews(user);
  if (view->use_empty())
    view->erase();
}

static void replace(memref::GlobalOp global, const NarrowForm &form, const ConstantReads &reads) {
  DenseElementsAttr stored = form.getStored();
  auto type = MemRefType::get(stored.getType().getShape(), stored.getElementType());
  for (Operation *load : reads.loads) {
    ImplicitLocOpBuilder b(load->getLoc(), load);
    Value index = createElementIndex(b, load);
    Value buffer = memref::GetGlobalOp::create(b, type, global.getSymName());
    Value value = form.load(b, buffer, index, load->getResult(0).getType());
    load->getResult(0).replaceAllUsesWith(value);
    load->erase();
  }
  for (memref::GetGlobalOp reference : reads.references)
    eraseUnusedViews(reference);
  global.setInitialValueAttr(stored);
  global.setType(type);
}

namespace {
class NarrowConstantsPass : public tflc::impl::NarrowConstantsBase<NarrowConstantsPass> {
public:
  using NarrowConstantsBase::NarrowConstantsBase;

  void runOnOperation() override {
    FailureOr<TargetInfo> found = getTarget(getOperation());
    if (failed(found))
      return signalPassFailure();
    target = *found;
    llvm::StringMap<SmallVector<memref::GetGlobalOp>> references;
    getOperation().walk([&](memref::GetGlobalOp op) { references[op.getName()].push_back(op); });
    for (auto global : getOperation().getOps<memref::GlobalOp>())
      narrow(global, references[global.getSymName()]);
  }

private:
  void narrow(memref::GlobalOp global, ArrayRef<memref::GetGlobalOp> references) {
    auto values = dyn_cast_or_null<DenseElementsAttr>(global.getInitialValueAttr());
    constexpr size_t leastBytes = 128; // the code that widens fewer of them would be larger
    if (!values || !global.getConstant() || values.isSplat() ||
        values.getRawData().size() < leastBytes)
      return;
    ConstantReads reads = findReads(references);
    if (!reads.areComplete)
      return;
    std::unique_ptr<NarrowForm> form = makeHalves(values, target);
    if (!form)
      form = makeNibbles(values, reads, target);
    if (form &&
        (forSize || comesFromMemory(values, reads, target) || isCheap(*form, reads, target)))
      replace(global, *form, reads);
  }

  TargetInfo target;
};
} // namespace

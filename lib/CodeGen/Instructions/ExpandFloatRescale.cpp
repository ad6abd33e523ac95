//===- ExpandFloatRescale.cpp - rescaling as float arithmetic -------------===//
//
// Part of tflc, under the Apache License 2.0.
//
// A kernel rescales several vectors one after the other, and each rescale is a chain of ops that
// wait for each other. LLVM keeps much of the order that it gets; so neighbouring rescales are
// emitted together, first the first op of all of them, then the second one.
//
//===----------------------------------------------------------------------===//

#include "ExpandRescale.h"

#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/Math/IR/Math.h"
#include "mlir/Dialect/Vector/IR/VectorOps.h"
#include "mlir/IR/ImplicitLocOpBuilder.h"

using namespace mlir;
using namespace tflc;
using namespace tflc::tflrt;

namespace {

/// Emits the arithmetic of ops of one kind, step by step.
template <typename OpTy> class Steps {
public:
  Steps(ArrayRef<Operation *> run, OpBuilder &builder) : builder(builder) {
    for (Operation *op : run)
      ops.push_back(cast<OpTy>(op));
    values.resize(ops.size());
  }

  /// `step` gives the value of an op from the value of the step before.
  template <typename Step> void add(Step step) {
    for (auto [op, value] : llvm::zip_equal(ops, values)) {
      ImplicitLocOpBuilder b(op.getLoc(), builder);
      value = step(b, op, value);
    }
  }
  void finish() {
    for (auto [op, value] : llvm::zip_equal(ops, values)) {
      op.replaceAllUsesWith(value);
      op.erase();
    }
  }

  OpTy first() const { return ops.front(); }
  SmallVector<Value> getValues() const { return values; }

private:
  OpBuilder &builder;
  SmallVector<OpTy> ops;
  SmallVector<Value> values;
};

} // namespace

/// `type`, or a vector of `type` where `like` is a vector.
static Type typeLike(Type type, Value like) {
  auto vector = dyn_cast<VectorType>(like.getType());
  return vector ? vector.clone(type) : type;
}

static Value splat(ImplicitLocOpBuilder &b, TypedAttr value, Value like) {
  if (auto vector = dyn_cast<VectorType>(like.getType()))
    value = DenseElementsAttr::get(vector.clone(value.getType()), value);
  return arith::ConstantOp::create(b, value);
}

template <typename OpTy> static void addRounding(Steps<OpTy> &steps, bool isNearest) {
  if (isNearest)
    steps.add([](auto &b, OpTy, Value sum) { return math::RoundEvenOp::create(b, sum); });
  steps.add(
      [](auto &b, OpTy op, Value sum) { return arith::FPToSIOp::create(b, op.getType(), sum); });
  if (steps.first().getBase() != 0)
    steps.add([](auto &b, OpTy op, Value result) {
      return arith::AddIOp::create(b, result, splat(b, b.getI32IntegerAttr(op.getBase()), result));
    });
}

static void expand(Steps<FloatRescaleOp> steps) {
  SmallVector<Value> offsets;
  steps.add([](auto &b, FloatRescaleOp op, Value) {
    return arith::SIToFPOp::create(b, op.getScale().getType(), op.getInput());
  });
  SmallVector<Value> inputs = steps.getValues();
  if (steps.first().getOffsetBelow()) {
    // AVX2 selects by the sign of the accumulator itself (VBLENDVPS), with no comparison. AVX-512
    // needs a mask first (VPMOVD2M): two instructions, as many as for an offset with the sign of
    // the accumulator, since VPTERNLOG overwrites one of its operands.
    steps.add([](auto &b, FloatRescaleOp op, Value) {
      Value zero = splat(b, b.getI32IntegerAttr(0), op.getInput());
      return arith::CmpIOp::create(b, arith::CmpIPredicate::slt, op.getInput(), zero);
    });
    steps.add([](auto &b, FloatRescaleOp op, Value isNegative) {
      return arith::SelectOp::create(b, isNegative, op.getOffsetBelow(), op.getOffset());
    });
  } else {
    steps.add([](auto &, FloatRescaleOp op, Value) { return op.getOffset(); });
  }
  const Value *input = inputs.begin();
  steps.add([&](auto &b, FloatRescaleOp op, Value offset) {
    return math::FmaOp::create(b, *input++, op.getScale(), offset);
  });
  addRounding(steps, steps.first().getRounding() == RealRounding::Nearest);
  for (size_t i = 0; i < steps.first().getRaised().size(); ++i)
    steps.add([&](auto &b, FloatRescaleOp op, Value result) {
      Value isRaised =
          arith::CmpIOp::create(b, arith::CmpIPredicate::eq, op.getInput(), op.getRaised()[i]);
      return arith::AddIOp::create(b, result,
                                   arith::ExtUIOp::create(b, op.getType(), isRaised).getResult());
    });
  steps.finish();
}

static void expand(Steps<FloatSumOp> steps) {
  auto toFloat = [](ImplicitLocOpBuilder &b, Value byte, bool isUnsigned) -> Value {
    Type wide = typeLike(b.getI32Type(), byte);
    Value integer = isUnsigned ? arith::ExtUIOp::create(b, wide, byte).getResult()
                               : arith::ExtSIOp::create(b, wide, byte).getResult();
    return arith::SIToFPOp::create(b, typeLike(b.getF32Type(), byte), integer);
  };
  steps.add(
      [&](auto &b, FloatSumOp op, Value) { return toFloat(b, op.getRhs(), op.getRhsUnsigned()); });
  steps.add([](auto &b, FloatSumOp op, Value rhs) {
    return math::FmaOp::create(b, rhs, splat(b, op.getRhsScaleAttr(), rhs),
                               splat(b, op.getOffsetAttr(), rhs));
  });
  SmallVector<Value> inner = steps.getValues();
  steps.add(
      [&](auto &b, FloatSumOp op, Value) { return toFloat(b, op.getLhs(), op.getLhsUnsigned()); });
  const Value *addend = inner.begin();
  steps.add([&](auto &b, FloatSumOp op, Value lhs) {
    return math::FmaOp::create(b, lhs, splat(b, op.getLhsScaleAttr(), lhs), *addend++);
  });
  addRounding(steps, /*isNearest=*/true);
  steps.finish();
}

static void expandRun(ArrayRef<Operation *> run) {
  if (run.empty())
    return;
  OpBuilder builder(run.back());
  if (isa<FloatRescaleOp>(run.front()))
    expand(Steps<FloatRescaleOp>(run, builder));
  else
    expand(Steps<FloatSumOp>(run, builder));
}

/// Whether `op` differs from `first` in its operands alone, none of which a rescale of the run
/// made.
static bool isAlike(Operation *op, Operation *first, ArrayRef<Operation *> run) {
  return op->getName() == first->getName() && op->getNumOperands() == first->getNumOperands() &&
         op->getResultTypes() == first->getResultTypes() &&
         op->getRawDictionaryAttrs() == first->getRawDictionaryAttrs() &&
         op->getPropertiesAsAttribute() == first->getPropertiesAsAttribute() &&
         llvm::none_of(op->getOperands(), [&](Value operand) {
           return llvm::is_contained(run, operand.getDefiningOp());
         });
}

void tflc::expandFloatRescales(Operation *root) {
  SmallVector<SmallVector<Operation *>> runs;
  root->walk([&](Block *block) {
    SmallVector<Operation *> run;
    auto end = [&] {
      if (!run.empty())
        runs.push_back(std::move(run));
      run.clear();
    };
    for (Operation &op : *block) {
      if (isa<FloatRescaleOp, FloatSumOp>(op)) {
        if (!run.empty() && !isAlike(&op, run.front(), run))
          end();
        if (!isa<TensorType>(op.getResult(0).getType()))
          run.push_back(&op);
      } else if (!isa<vector::BroadcastOp, arith::ConstantOp>(op)) {
        end();
      }
    }
    end();
  });
  for (ArrayRef<Operation *> run : runs)
    expandRun(run);
}

//===- CheckFloats.cpp - floats that the target cannot compute ------------===//
//
// Part of tflc, under the Apache License 2.0.
//
//===----------------------------------------------------------------------===//

#include "tflc/Support/ModelLocation.h"
#include "tflc/Target/Passes.h"
#include "tflc/Target/TargetInfo.h"

#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/Math/IR/Math.h"
#include "mlir/IR/BuiltinOps.h"
#include "mlir/IR/TypeUtilities.h"

#include <set>

namespace tflc {
#define GEN_PASS_DEF_CHECKFLOATS
#include "tflc/Target/Passes.h.inc"
} // namespace tflc

using namespace mlir;
using namespace tflc;

/// Whether `op` calculates. Others move floats, or change only their sign, as integers.
static bool isArithmetic(Operation &op) {
  if (isa<arith::ConstantOp, arith::SelectOp, arith::BitcastOp, arith::NegFOp, math::AbsFOp,
          math::CopySignOp>(op))
    return false;
  return isa<arith::ArithDialect, math::MathDialect>(op.getDialect());
}

/// What `op` takes that a target with such a unit has no instruction for; empty where it has all.
static std::string findMissing(Operation &op, FloatUnit unit) {
  SmallVector<Type> types(op.getOperandTypes());
  llvm::append_range(types, op.getResultTypes());
  FloatType widest;
  for (Type &type : types) {
    type = getElementTypeOrSelf(type);
    if (auto candidate = dyn_cast<FloatType>(type))
      if (!widest || candidate.getWidth() > widest.getWidth())
        widest = candidate;
  }
  if (!widest)
    return {};
  std::string name = "float" + std::to_string(widest.getWidth());
  if (unit == FloatUnit::None || widest.getWidth() > 32)
    return "computes with " + name;
  // tflc-expand-math computes it with f64.
  if (isa<math::PowFOp>(op))
    return "raises " + name + " to a power, which takes float64";
  if (llvm::any_of(types, [](Type type) { return type.isInteger(64); }))
    return "converts between " + name + " and int64";
  return {};
}

namespace {
struct CheckFloatsPass : public tflc::impl::CheckFloatsBase<CheckFloatsPass> {
  void runOnOperation() override {
    TargetInfo target = getTarget(getOperation());
    if (target.floatUnit == FloatUnit::Double)
      return;
    StringRef unit =
        target.floatUnit == FloatUnit::None ? "floating point unit" : "double precision unit";
    // An operator of the model becomes many ops.
    std::set<std::string> reported;
    getOperation()->walk([&](Operation *op) {
      if (!isArithmetic(*op))
        return;
      std::string missing = findMissing(*op, target.floatUnit);
      if (missing.empty() || !reported.insert(describeLocation(op->getLoc()) + missing).second)
        return;
      emitError(op->getLoc()) << missing << ", but target '" << target.name << "' has no " << unit;
      signalPassFailure();
    });
  }
};
} // namespace

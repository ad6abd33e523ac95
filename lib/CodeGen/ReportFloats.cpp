//===- ReportFloats.cpp - floats that the target cannot compute -----------===//
//
// Part of tflc, under the Apache License 2.0.
//
//===----------------------------------------------------------------------===//

#include "tflc/CodeGen/CodeGen.h"
#include "tflc/Support/ModelLocation.h"

#include "mlir/Dialect/LLVMIR/LLVMDialect.h"
#include "mlir/IR/BuiltinOps.h"
#include "mlir/IR/TypeUtilities.h"

#include <set>

using namespace mlir;
using namespace tflc;

/// Whether `op` calculates with floats or converts them. Others move them, or change only the sign,
/// as integers.
static bool isFloatArithmetic(Operation *op) {
  if (isa<LLVM::FPToSIOp, LLVM::FPToUIOp, LLVM::SIToFPOp, LLVM::UIToFPOp, LLVM::FPExtOp,
          LLVM::FPTruncOp>(op))
    return true;
  return isa<LLVM::FastmathFlagsInterface>(op) &&
         !isa<LLVM::FNegOp, LLVM::FAbsOp, LLVM::CopySignOp, LLVM::SelectOp, LLVM::CallOp>(op);
}

/// What `op` does that the target has no instruction for; empty where it has one.
static std::string describeMissing(Operation *op, const TargetInfo &target) {
  SmallVector<Type> types(op->getOperandTypes());
  llvm::append_range(types, op->getResultTypes());
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
  bool hasUnit = target.floatUnit != FloatUnit::None;
  bool hasDouble = target.floatUnit == FloatUnit::Double;
  if (!hasUnit || (!hasDouble && widest.getWidth() > 32))
    return "computes with " + name;
  if (target.pointerBits < 64 && llvm::any_of(types, [](Type type) { return type.isInteger(64); }))
    return "converts between " + name + " and int64";
  return {};
}

bool tflc::reportMissingFloats(ModuleOp module, const TargetInfo &target) {
  // An operator of the model has become many ops.
  std::set<std::string> reported;
  module.walk([&](Operation *op) {
    if (!isFloatArithmetic(op))
      return;
    std::string missing = describeMissing(op, target);
    if (!missing.empty() && reported.insert(describeLocation(op->getLoc()) + missing).second)
      emitError(op->getLoc()) << missing << ", for which target '" << target.name
                              << "' has no instructions";
  });
  return !reported.empty();
}

//===- Instructions.cpp - instructions of one architecture ----------------===//
//
// Part of tflc, under the Apache License 2.0.
//
//===----------------------------------------------------------------------===//

#include "Instructions.h"

#include "mlir/Dialect/LLVMIR/LLVMDialect.h"
#include "mlir/Dialect/Vector/IR/VectorOps.h"

using namespace mlir;
using namespace tflc;

std::unique_ptr<Instructions> Instructions::create(const TargetInfo &target) {
  switch (target.getArchitecture()) {
  case Architecture::X86:
    return createX86Instructions(target);
  case Architecture::AArch64:
    return createAArch64Instructions(target);
  case Architecture::ARM:
    return createARMInstructions(target);
  case Architecture::RISCV:
    return createRISCVInstructions(target);
  case Architecture::Unknown:
    return std::make_unique<Instructions>(target);
  }
  llvm_unreachable("all architectures are listed");
}

std::unique_ptr<Instructions> Instructions::createFor(Operation *op) {
  auto module = dyn_cast<ModuleOp>(op);
  if (!module)
    module = op->getParentOfType<ModuleOp>();
  if (!module || !module->hasAttr(kTargetAttrName))
    return std::make_unique<Instructions>(TargetInfo());
  FailureOr<TargetInfo> target = getTarget(module);
  return succeeded(target) ? create(*target) : nullptr;
}

Value Instructions::call(Builder &b, StringRef intrinsic, Type result, ValueRange operands) {
  return LLVM::CallIntrinsicOp::create(b, result, b.getStringAttr(intrinsic), operands)
      .getResult(0);
}

Value Instructions::splat(Builder &b, VectorType type, int64_t value) {
  auto element = b.getIntegerAttr(type.getElementType(), value);
  return arith::ConstantOp::create(b, DenseElementsAttr::get(type, element));
}

Value Instructions::slice(Builder &b, Value vector, int64_t offset, int64_t size) {
  return vector::ExtractStridedSliceOp::create(b, vector, ArrayRef<int64_t>{offset},
                                               ArrayRef<int64_t>{size}, ArrayRef<int64_t>{1});
}

Value Instructions::multiplyHighInEights(Builder &b, Operation *op, StringRef intrinsic) {
  constexpr int64_t lanes = 8;
  auto type = dyn_cast<VectorType>(op->getResult(0).getType());
  if (!type || !isa<tflrt::MultiplyHighOp>(op) || type.getRank() != 1 || type.isScalable() ||
      type.getNumElements() % lanes != 0)
    return nullptr;
  Value lhs = op->getOperand(0), rhs = op->getOperand(1);
  auto part = VectorType::get(lanes, type.getElementType());
  if (type == part)
    return call(b, intrinsic, part, {lhs, rhs});
  Value result = arith::ConstantOp::create(b, b.getZeroAttr(type));
  for (int64_t at = 0; at < type.getNumElements(); at += lanes)
    result = vector::InsertStridedSliceOp::create(
        b, call(b, intrinsic, part, {slice(b, lhs, at, lanes), slice(b, rhs, at, lanes)}), result,
        ArrayRef<int64_t>{at}, ArrayRef<int64_t>{1});
  return result;
}

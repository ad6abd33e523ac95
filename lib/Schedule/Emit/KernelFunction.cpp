//===- KernelFunction.cpp - a kernel in a function of its own -------------===//
//
// Part of tflc, under the Apache License 2.0.
//
// The function knows the inputs, the outputs and the arena of its invocation. Views and constants
// that its kernel uses are made once more in it. Numbers that are known only where the kernel
// stands, such as the variable of a loop around it, are handed over.
//
//===----------------------------------------------------------------------===//

#include "KernelFunction.h"

#include "mlir/Dialect/MemRef/IR/MemRef.h"
#include "mlir/IR/IRMapping.h"
#include "mlir/IR/Matchers.h"
#include "mlir/IR/SymbolTable.h"
#include "mlir/Interfaces/SideEffectInterfaces.h"
#include "mlir/Interfaces/ViewLikeInterface.h"
#include "llvm/ADT/SetVector.h"

using namespace mlir;
using namespace tflc;

namespace {
/// What a kernel uses that is not its own.
struct Uses {
  llvm::SetVector<Operation *> slice; ///< is computed once more, in this order
  llvm::SetVector<Value> numbers;     ///< are handed over
};
} // namespace

/// Whether a pointer has room for a number of the type.
static bool fitsPointer(Type type) {
  return type.isIndex() || (type.isIntOrFloat() && type.getIntOrFloatBitWidth() <= 32);
}

/// Collects what computes `value` in `entry`; false where neither can that be repeated nor the
/// value be handed over.
static bool collectUse(Value value, func::FuncOp entry, Uses &uses) {
  Operation *op = value.getDefiningOp();
  if (fitsPointer(value.getType()) && !(op && matchPattern(op, m_Constant()))) {
    uses.numbers.insert(value);
    return true;
  }
  if (!op)
    return value.getParentBlock() == &entry.front();
  if (uses.slice.contains(op))
    return true;
  if (op->getNumRegions() != 0 || !(isPure(op) || isa<ViewLikeOpInterface>(op)))
    return false;
  for (Value operand : op->getOperands())
    if (!collectUse(operand, entry, uses))
      return false;
  uses.slice.insert(op);
  return true;
}

/// The same for all that the kernel uses.
static bool collectUses(tflrt::KernelOp kernel, func::FuncOp entry, Uses &uses) {
  return !kernel
              ->walk([&](Operation *op) {
                for (Value operand : op->getOperands())
                  if (!kernel->isAncestor(operand.getParentBlock()->getParentOp()) &&
                      !collectUse(operand, entry, uses))
                    return WalkResult::interrupt();
                return WalkResult::advance();
              })
              .wasInterrupted();
}

/// The arguments of an entry function that a kernel may touch.
static SmallVector<Value> collectBuffers(func::FuncOp entry) {
  SmallVector<Value> buffers;
  for (BlockArgument argument : entry.getArguments())
    if (isa<MemRefType>(argument.getType()) &&
        !entry.getArgAttr(argument.getArgNumber(), parallelAttrName))
      buffers.push_back(argument);
  return buffers;
}

static std::string makeName(func::FuncOp entry, StringRef kind) {
  auto module = entry->getParentOfType<ModuleOp>();
  std::string name;
  for (unsigned number = 0; name.empty() || module.lookupSymbol(name); ++number)
    name = (entry.getName() + "." + kind + std::to_string(number)).str();
  return name;
}

std::optional<KernelFunction> tflc::copyIntoFunction(tflrt::KernelOp kernel, StringRef kind,
                                                     TypeRange more) {
  auto entry = kernel->getParentOfType<func::FuncOp>();
  Uses uses;
  if (!collectUses(kernel, entry, uses))
    return std::nullopt;
  OpBuilder b(entry);
  KernelFunction result;
  result.operands = collectBuffers(entry);
  llvm::append_range(result.operands, uses.numbers);
  SmallVector<Type> types(ValueRange(result.operands).getTypes());
  llvm::append_range(types, more);
  result.function =
      func::FuncOp::create(b, kernel.getLoc(), makeName(entry, kind), b.getFunctionType(types, {}));
  result.function.setPrivate();
  b.setInsertionPointToStart(result.function.addEntryBlock());
  IRMapping mapping;
  for (auto [operand, argument] : llvm::zip(result.operands, result.function.getArguments()))
    mapping.map(operand, argument);
  for (Operation *op : uses.slice)
    b.clone(*op, mapping);
  result.kernel = cast<tflrt::KernelOp>(b.clone(*kernel, mapping));
  func::ReturnOp::create(b, kernel.getLoc());
  return result;
}

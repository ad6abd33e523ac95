//===- KernelCode.cpp - what two kernels may have differently -------------===//
//
// Part of tflc, under the Apache License 2.0.
//
//===----------------------------------------------------------------------===//

#include "KernelCode.h"

#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/LLVMIR/LLVMDialect.h"
#include "mlir/Dialect/Math/IR/Math.h"
#include "mlir/Dialect/Utils/StaticValueUtils.h"
#include "mlir/Dialect/Vector/IR/VectorOps.h"
#include "mlir/IR/Matchers.h"

using namespace mlir;
using namespace tflc;

//===----------------------------------------------------------------------===//
// Leaves
//===----------------------------------------------------------------------===//

/// Whether a pointer has room for a number of the type, which is none of an address.
static bool canBeHandedOver(Type type) {
  return type.isIntOrFloat() && type.getIntOrFloatBitWidth() >= 8 &&
         type.getIntOrFloatBitWidth() <= 32;
}

static KernelLeaf getConstantLeaf(Attribute value, Type type) {
  auto elements = dyn_cast<DenseElementsAttr>(value);
  auto vector = dyn_cast<VectorType>(type);
  if (!elements || !vector || !canBeHandedOver(elements.getElementType()))
    return {canBeHandedOver(type) ? KernelLeaf::Number : KernelLeaf::Constant, value, type};
  if (elements.isSplat())
    return {KernelLeaf::Number, elements.getSplatValue<Attribute>(), elements.getElementType()};
  if (vector.getRank() != 1 || vector.isScalable())
    return {KernelLeaf::Constant, value, type};
  return {KernelLeaf::Table, value, MemRefType::get(vector.getShape(), elements.getElementType())};
}

std::optional<KernelLeaf> KernelCode::getLeaf(Value value) const {
  if (auto argument = dyn_cast<BlockArgument>(value)) {
    unsigned number = argument.getArgNumber();
    if (argument.getOwner() != body || (isTask && number + 1 == body->getNumArguments()))
      return std::nullopt;
    return KernelLeaf{KernelLeaf::Argument, nullptr, value.getType(), number};
  }
  Operation *op = value.getDefiningOp();
  if (auto global = dyn_cast<memref::GetGlobalOp>(op))
    return KernelLeaf{KernelLeaf::Global, global.getNameAttr(), value.getType()};
  if (auto view = dyn_cast<memref::ViewOp>(op)) {
    auto source = dyn_cast<BlockArgument>(view.getSource());
    std::optional<int64_t> shift = getConstantIntValue(view.getByteShift());
    if (!source || !shift || source.getOwner() != body || !view.getType().hasStaticShape())
      return std::nullopt;
    return KernelLeaf{KernelLeaf::View, nullptr, value.getType(), source.getArgNumber(), *shift};
  }
  Attribute constant;
  if (op->getNumResults() == 1 && matchPattern(op, m_Constant(&constant)))
    return getConstantLeaf(constant, value.getType());
  return std::nullopt;
}

bool KernelCode::isLeaf(Operation &op) const {
  return op.getNumResults() == 1 && op.getNumRegions() == 0 && getLeaf(op.getResult(0));
}

/// Whether code is as good where `operand` is an argument: it is no address, no count, and nothing
/// that has a shorter form for some values.
static bool takesAnyNumber(OpOperand &operand) {
  Operation *op = operand.getOwner();
  // Their scalars can be what an instruction encodes.
  if (isa<LLVM::CallIntrinsicOp>(op))
    return isa<VectorType>(operand.get().getType());
  return isa<arith::AddIOp, arith::SubIOp, arith::MulIOp, arith::MaxSIOp, arith::MinSIOp,
             arith::MaxUIOp, arith::MinUIOp, arith::AddFOp, arith::SubFOp, arith::MulFOp,
             arith::SelectOp, arith::MaximumFOp, arith::MinimumFOp, arith::MaxNumFOp,
             arith::MinNumFOp, math::FmaOp, LLVM::SAddSat, LLVM::SSubSat, LLVM::UAddSat,
             LLVM::USubSat, vector::BroadcastOp, vector::StoreOp, memref::StoreOp>(op);
}

//===----------------------------------------------------------------------===//
// Code
//===----------------------------------------------------------------------===//

KernelCode::KernelCode(func::FuncOp function, bool isTask)
    : function(function), isTask(isTask), body(&function.front()), hash(llvm::hash_value(isTask)) {
  collect(function.getBody(), 0);
}

void KernelCode::collect(Region &region, unsigned parent) {
  unsigned blockNumber = 0;
  for (Block &block : region) {
    for (Operation &op : block) {
      if (isLeaf(op))
        continue;
      unsigned number = places.size();
      places.push_back({&op, parent, region.getRegionNumber(), blockNumber});
      hash = llvm::hash_combine(hash, op.getName(), op.getDiscardableAttrDictionary(),
                                op.hashProperties());
      for (Type type : op.getResultTypes())
        hash = llvm::hash_combine(hash, type);
      for (OpOperand &operand : op.getOpOperands()) {
        std::optional<KernelLeaf> leaf = getLeaf(operand.get());
        if (!leaf)
          continue;
        sites.push_back(&operand);
        leaves.push_back(*leaf);
      }
      for (Region &inner : op.getRegions())
        collect(inner, number);
    }
    ++blockNumber;
  }
}

/// Notes that values stand for each other, in order; false where they are of other types.
static bool matchValues(ValueRange lhs, ValueRange rhs, DenseMap<Value, Value> &matched) {
  if (lhs.getTypes() != rhs.getTypes())
    return false;
  for (auto [left, right] : llvm::zip_equal(lhs, rhs))
    matched[left] = right;
  return true;
}

/// The same for the arguments of the blocks of two ops.
static bool matchBlocks(Operation *lhs, Operation *rhs, DenseMap<Value, Value> &matched) {
  if (lhs->getNumRegions() != rhs->getNumRegions())
    return false;
  for (auto [left, right] : llvm::zip_equal(lhs->getRegions(), rhs->getRegions())) {
    if (left.getBlocks().size() != right.getBlocks().size())
      return false;
    for (auto [leftBlock, rightBlock] : llvm::zip_equal(left, right))
      if (!matchValues(leftBlock.getArguments(), rightBlock.getArguments(), matched))
        return false;
  }
  return true;
}

static bool isSameOperation(Operation *lhs, Operation *rhs) {
  return lhs->getName() == rhs->getName() && lhs->getNumOperands() == rhs->getNumOperands() &&
         lhs->getNumSuccessors() == 0 && rhs->getNumSuccessors() == 0 &&
         lhs->getDiscardableAttrDictionary() == rhs->getDiscardableAttrDictionary() &&
         lhs->getName().compareOpProperties(lhs->getPropertiesStorage(),
                                            rhs->getPropertiesStorage());
}

/// Whether two leaves at the same place leave the code the same.
static bool areExchangeable(OpOperand &site, const KernelLeaf &lhs, const KernelLeaf &rhs) {
  auto isNumber = [](const KernelLeaf &leaf) {
    return leaf.kind == KernelLeaf::Number || leaf.kind == KernelLeaf::Table;
  };
  if (lhs.type != rhs.type)
    return false;
  if (isNumber(lhs) || isNumber(rhs))
    return lhs == rhs || (lhs.kind == rhs.kind && takesAnyNumber(site));
  if (lhs.isBuffer())
    return true;
  return lhs == rhs || (lhs.kind == KernelLeaf::Argument && rhs.kind == KernelLeaf::Argument);
}

bool KernelCode::isLike(const KernelCode &other) const {
  if (hash != other.hash || isTask != other.isTask || places.size() != other.places.size() ||
      sites.size() != other.sites.size())
    return false;
  DenseMap<Value, Value> matched;
  if (isTask)
    matched[body->getArguments().back()] = other.body->getArguments().back();
  size_t site = 0;
  for (auto [place, otherPlace] : llvm::zip_equal(places, other.places)) {
    Operation *op = place.op, *otherOp = otherPlace.op;
    if (!place.isLike(otherPlace) || !isSameOperation(op, otherOp))
      return false;
    for (auto [operand, otherOperand] :
         llvm::zip_equal(op->getOpOperands(), otherOp->getOpOperands())) {
      bool isSite = site < sites.size() && sites[site] == &operand;
      if (isSite != (site < sites.size() && other.sites[site] == &otherOperand) ||
          operand.get().getType() != otherOperand.get().getType())
        return false;
      if (isSite ? !areExchangeable(operand, leaves[site], other.leaves[site])
                 : matched.lookup(operand.get()) != otherOperand.get())
        return false;
      site += isSite;
    }
    if (!matchValues(op->getResults(), otherOp->getResults(), matched) ||
        !matchBlocks(op, otherOp, matched))
      return false;
  }
  return true;
}

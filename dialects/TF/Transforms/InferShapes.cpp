//===- InferShapes.cpp - types from those of the inputs -------------------===//
//
// Part of tflc, under the Apache License 2.0.
//
//===----------------------------------------------------------------------===//

#include "TF/IR/ConstantOps.h"
#include "TF/IR/ControlOps.h"
#include "TF/IR/SliceOps.h"
#include "TF/Transforms/Passes.h"

#include "mlir/IR/Matchers.h"
#include "llvm/ADT/TypeSwitch.h"

using namespace mlir;
using namespace tflc::tf;

namespace tflc::tf {
#define GEN_PASS_DEF_INFERSHAPESPASS
#include "TF/Transforms/Passes.h.inc"
} // namespace tflc::tf

/// What two types have in common: the type of a value that may be either.
static TensorType join(TensorType a, TensorType b) {
  if (a == b)
    return a;
  if (!a.hasRank() || !b.hasRank() || a.getRank() != b.getRank())
    return UnrankedTensorType::get(a.getElementType());
  Shape shape(a.getShape());
  for (auto [size, other] : llvm::zip_equal(shape, b.getShape()))
    if (size != other)
      size = ShapedType::kDynamic;
  return RankedTensorType::get(shape, a.getElementType());
}

namespace {

class ShapeInferrer {
public:
  /// Infers all types in a block. In a loop, what was found before may say too much.
  bool run(Block &block, bool inLoop);

private:
  bool visit(Operation *op, bool inLoop);
  bool visitBranches(Operation *op, bool inLoop);
  bool visitLoop(WhileRegionOp loop, bool inLoop);
  bool visitParts(Operation *op);
  void foldParts(Operation *op, Value input, int64_t dim);
  bool setType(Value value, Type inferred, bool inLoop);
  void foldIntegers(Operation *op);
};

class InferShapes : public tflc::tf::impl::InferShapesPassBase<InferShapes> {
  void runOnOperation() override;
};

} // namespace

bool ShapeInferrer::setType(Value value, Type inferred, bool inLoop) {
  auto from = cast<TensorType>(value.getType()), to = cast<TensorType>(inferred);
  if (from.getElementType() != to.getElementType()) {
    emitError(value.getLoc()) << "the result is a " << from << ", but " << to << " follows";
    return false;
  }
  if (!inLoop && succeeded(verifyCompatibleShape(from, to)))
    to = refine(from, to);
  value.setType(to);
  return true;
}

/// Joins the types of what the regions yield.
bool ShapeInferrer::visitBranches(Operation *op, bool inLoop) {
  SmallVector<TensorType> types;
  for (Region &region : op->getRegions()) {
    if (!run(region.front(), inLoop))
      return false;
    for (auto [i, value] : llvm::enumerate(region.front().getTerminator()->getOperands())) {
      auto type = cast<TensorType>(value.getType());
      if (types.size() <= i)
        types.push_back(type);
      else
        types[i] = join(types[i], type);
    }
  }
  bool valid = true;
  for (auto [result, type] : llvm::zip(op->getResults(), types))
    valid &= setType(result, type, inLoop);
  return valid;
}

bool ShapeInferrer::visitLoop(WhileRegionOp loop, bool inLoop) {
  Block &cond = loop.getCond().front(), &body = loop.getBody().front();
  SmallVector<TensorType> types;
  for (Value operand : loop.getOperands())
    types.push_back(cast<TensorType>(operand.getType()));
  // Types only lose sizes, so that this ends.
  while (true) {
    for (auto [i, type] : llvm::enumerate(types)) {
      cond.getArgument(i).setType(type);
      body.getArgument(i).setType(type);
    }
    if (!run(cond, /*inLoop=*/true) || !run(body, /*inLoop=*/true))
      return false;
    bool changed = false;
    for (auto [i, value] : llvm::enumerate(body.getTerminator()->getOperands())) {
      auto next = cast<TensorType>(value.getType());
      if (next.getElementType() != types[i].getElementType()) {
        loop.emitError() << "value " << i << " begins as a " << types[i] << " and goes on as a "
                         << next;
        return false;
      }
      TensorType joined = join(types[i], next);
      changed |= joined != types[i];
      types[i] = joined;
    }
    if (!changed)
      break;
  }
  for (auto [result, type] : llvm::zip_equal(loop.getResults(), types))
    result.setType(type);
  // From here on the types stay.
  if (!inLoop)
    loop.walk([&](Operation *op) { foldIntegers(op); });
  return true;
}

/// The results of Unpack, Split and SplitV.
bool ShapeInferrer::visitParts(Operation *op) {
  bool isUnpack = isa<UnpackOp>(op);
  Value input = op->getOperand(isa<SplitOp>(op) ? 1 : 0);
  std::optional<Shape> shape = getShape(input);
  std::optional<int64_t> axis;
  if (auto unpack = dyn_cast<UnpackOp>(op))
    axis = int64_t(unpack.getAxis());
  else
    axis = evaluateInt(op->getOperand(isa<SplitOp>(op) ? 0 : 2));
  int64_t count = op->getNumResults();
  if (!shape || !axis || count == 0)
    return true;
  std::optional<int64_t> dim = normalizeAxis(*axis, shape->size(), op->getLoc());
  if (!dim)
    return false;
  int64_t total = (*shape)[*dim];
  std::optional<KnownInts> sizes;
  if (auto split = dyn_cast<SplitVOp>(op))
    sizes = evaluateInts(split.getSizeSplits());
  if (sizes && int64_t(sizes->size()) != count) {
    op->emitError() << "there are " << sizes->size() << " sizes for " << count << " results";
    return false;
  }
  int64_t known = 0;
  if (sizes)
    for (std::optional<int64_t> size : *sizes)
      known += size.value_or(0) > 0 ? *size : 0;
  if (!ShapedType::isDynamic(total) && !isa<SplitVOp>(op) &&
      (isUnpack ? total != count : total % count != 0)) {
    op->emitError() << total << " elements cannot be split into " << count << " parts";
    return false;
  }
  for (auto [i, result] : llvm::enumerate(op->getResults())) {
    Shape part = *shape;
    if (isUnpack)
      part.erase(part.begin() + *dim);
    else if (isa<SplitOp>(op))
      part[*dim] = ShapedType::isDynamic(total) ? total : total / count;
    else if (!sizes || !(*sizes)[i])
      part[*dim] = ShapedType::kDynamic;
    else if (*(*sizes)[i] < 0)
      part[*dim] =
          ShapedType::isDynamic(total) || total < known ? ShapedType::kDynamic : total - known;
    else
      part[*dim] = *(*sizes)[i];
    if (!setType(result, makeType(part, getElementType(input)), /*inLoop=*/true))
      return false;
  }
  foldParts(op, input, *dim);
  return true;
}

/// The parts of a constant are constants.
void ShapeInferrer::foldParts(Operation *op, Value input, int64_t dim) {
  DenseElementsAttr value;
  if (!matchPattern(input, m_Constant(&value)))
    return;
  OpBuilder builder(op);
  SmallVector<int64_t> from = getStrides(value.getType().getShape());
  int64_t first = 0;
  for (OpResult result : op->getResults()) {
    auto type = cast<RankedTensorType>(result.getType());
    if (!type.hasStaticShape())
      return;
    int64_t size = isa<UnpackOp>(op) ? 1 : type.getDimSize(dim);
    int64_t run = size * from[dim], step = value.getType().getDimSize(dim) * from[dim];
    if (!result.use_empty() && run != 0) {
      DenseElementsAttr part = pickElements(
          value, type, [&](int64_t i) { return i / run * step + first * from[dim] + i % run; });
      result.replaceAllUsesWith(ConstOp::create(builder, op->getLoc(), part));
    }
    first += size;
  }
}

void ShapeInferrer::foldIntegers(Operation *op) {
  if (op->getNumResults() != 1 || isa<ConstOp>(op) || !isMemoryEffectFree(op) ||
      op->getNumRegions() != 0)
    return;
  auto type = dyn_cast<RankedTensorType>(op->getResult(0).getType());
  if (type && type.hasStaticShape() && type.getNumElements() == 0 &&
      (type.getElementType().isIntOrFloat() || isa<ComplexType>(type.getElementType()))) {
    OpBuilder builder(op);
    op->getResult(0).replaceAllUsesWith(ConstOp::create(
        builder, op->getLoc(), DenseElementsAttr::get(type, ArrayRef<Attribute>())));
    return;
  }
  if (!type || !type.hasStaticShape() || !type.getElementType().isInteger() ||
      type.getElementType().isInteger(1))
    return;
  std::optional<SmallVector<int64_t>> known = evaluateAllInts(op->getResult(0));
  if (!known || int64_t(known->size()) != type.getNumElements())
    return;
  OpBuilder builder(op);
  op->getResult(0).replaceAllUsesWith(
      ConstOp::create(builder, op->getLoc(), makeIntegers(type, *known)));
}

bool ShapeInferrer::visit(Operation *op, bool inLoop) {
  if (auto loop = dyn_cast<WhileRegionOp>(op))
    return visitLoop(loop, inLoop);
  if (isa<IfRegionOp, CaseRegionOp>(op))
    return visitBranches(op, inLoop);
  if (isa<UnpackOp, SplitOp, SplitVOp>(op))
    return visitParts(op);
  auto interface = dyn_cast<InferTypeOpInterface>(op);
  if (!interface)
    return true;
  SmallVector<Type> types;
  if (failed(interface.inferReturnTypes(op->getContext(), op->getLoc(), op->getOperands(),
                                        op->getDiscardableAttrDictionary(),
                                        op->getPropertiesStorage(), op->getRegions(), types)))
    return false;
  bool valid = true;
  for (auto [result, type] : llvm::zip(op->getResults(), types))
    valid &= setType(result, type, inLoop);
  return valid;
}

bool ShapeInferrer::run(Block &block, bool inLoop) {
  bool valid = true;
  for (Operation &op : llvm::make_early_inc_range(block.without_terminator())) {
    valid &= visit(&op, inLoop);
    // Constants of one round of a loop would not hold in the next one.
    if (valid && !inLoop)
      foldIntegers(&op);
  }
  return valid;
}

void InferShapes::runOnOperation() {
  func::FuncOp function = getOperation();
  if (function.isExternal())
    return;
  Block &body = function.getBody().front();
  if (!ShapeInferrer().run(body, /*inLoop=*/false))
    return signalPassFailure();
  function.setFunctionType(FunctionType::get(&getContext(), body.getArgumentTypes(),
                                             body.getTerminator()->getOperandTypes()));
}

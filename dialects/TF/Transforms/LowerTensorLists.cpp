//===- LowerTensorLists.cpp - lists of tensors as tensors -----------------===//
//
// Part of tflc, under the Apache License 2.0.
//
//===----------------------------------------------------------------------===//

#include "PatternHelpers.h"
#include "TensorLists.h"

#include "TF/IR/TFOps.h"
#include "TF/Transforms/Passes.h"

#include "mlir/Pass/PassManager.h"
#include "mlir/Transforms/Passes.h"
#include "llvm/ADT/MapVector.h"
#include "llvm/ADT/TypeSwitch.h"

using namespace mlir;
using namespace tflc::tf;

namespace tflc::tf {
#define GEN_PASS_DEF_LOWERTENSORLISTSPASS
#include "TF/Transforms/Passes.h.inc"
} // namespace tflc::tf

namespace {

class ListLowering {
public:
  explicit ListLowering(func::FuncOp function) : function(function), lists(function) {}

  /// Whether there was a list that could be lowered.
  bool run();

private:
  bool isReadyList(Value value) { return isList(value) && lists.isReady(value); }
  void lower(Operation *op);
  Value makeZeros(TensorListReserveOp op, OpBuilder &builder);
  Value setItem(TensorListSetItemOp op, OpBuilder &builder);
  Value resize(TensorListResizeOp op, OpBuilder &builder);

  func::FuncOp function;
  TensorLists lists;
  /// The tensors of the lists that ops read, before any is replaced.
  llvm::DenseMap<Operation *, RankedTensorType> readTypes;
};

class LowerTensorLists : public tflc::tf::impl::LowerTensorListsPassBase<LowerTensorLists> {
  void runOnOperation() override;
};

} // namespace

/// The first op around a user of a value that stands in the value's own block.
static Operation *findFirstUser(Value value) {
  Block *block = value.getParentBlock();
  Operation *first = block->getTerminator();
  for (Operation *user : value.getUsers())
    if (Operation *around = block->findAncestorOpInBlock(*user))
      if (around->isBeforeInBlock(first))
        first = around;
  return first;
}

/// A list of elements that nobody has set holds zeros.
Value ListLowering::makeZeros(TensorListReserveOp op, OpBuilder &builder) {
  RankedTensorType type = lists.getType(op.getHandle());
  const ListFacts &known = lists.getFacts(op.getHandle());
  Location loc = op.getLoc();
  // Sizes that are read from other values may come after the list is reserved.
  builder.setInsertionPoint(findFirstUser(op.getHandle()));
  auto scalar = RankedTensorType::get({}, type.getElementType());
  DenseElementsAttr zero = isa<FloatType>(type.getElementType()) ? makeReals(scalar, 0.0)
                                                                 : makeIntegers(scalar, int64_t(0));
  SmallVector<Value> parts = {
      ReshapeOp::create(builder, loc, op.getNumElements(), makeVector(builder, loc, 1))};
  for (auto [dim, size] : llvm::enumerate(type.getShape().drop_front())) {
    if (!ShapedType::isDynamic(size)) {
      parts.push_back(makeVector(builder, loc, size));
      continue;
    }
    DimSource source = known.sources.lookup(dim);
    Value shape = ShapeOp::create(builder, loc, source.value, TypeAttr());
    parts.push_back(StridedSliceOp::create(
        builder, loc, shape, makeVector(builder, loc, source.dim),
        makeVector(builder, loc, source.dim + 1), makeVector(builder, loc, 1), 0, 0, 0, 0, 0));
  }
  Value axis = ConstOp::create(
      builder, loc, makeIntegers(RankedTensorType::get({}, builder.getI32Type()), int64_t(0)));
  Value dims = parts.size() == 1 ? parts.front() : ConcatV2Op::create(builder, loc, parts, axis);
  Value zeros = FillOp::create(builder, loc, dims, ConstOp::create(builder, loc, zero));
  zeros.setType(type);
  return zeros;
}

Value ListLowering::setItem(TensorListSetItemOp op, OpBuilder &builder) {
  RankedTensorType type = lists.getType(op.getOutputHandle());
  Location loc = op.getLoc();
  auto scalar = RankedTensorType::get({}, builder.getI32Type());
  Value zero = ConstOp::create(builder, loc, makeIntegers(scalar, int64_t(0)));
  SmallVector<Value> begin = {op.getIndex()};
  begin.resize(type.getRank(), zero);
  Value row = ExpandDimsOp::create(builder, loc, op.getItem(), zero);
  Value place = PackOp::create(builder, loc, begin, 0);
  return XlaDynamicUpdateSliceOp::create(builder, loc, type, op.getInputHandle(), row, place);
}

/// Fewer elements, or zeros behind those that there are.
Value ListLowering::resize(TensorListResizeOp op, OpBuilder &builder) {
  RankedTensorType from = readTypes.lookup(op), to = lists.getType(op.getOutputHandle());
  Location loc = op.getLoc();
  int64_t missing = to.getDimSize(0) - from.getDimSize(0);
  if (missing <= 0)
    return SliceOp::create(builder, loc, to, op.getInputHandle(),
                           makeVector(builder, loc, Shape(to.getRank(), 0)),
                           makeVector(builder, loc, to.getShape()));
  Shape edges(2 * to.getRank(), 0);
  edges[1] = missing;
  auto type = RankedTensorType::get({to.getRank(), 2}, builder.getI32Type());
  Value paddings = ConstOp::create(builder, loc, makeIntegers(type, edges));
  return PadOp::create(builder, loc, to, op.getInputHandle(), paddings);
}

/// The elements one after the other along their first dimension.
static Value joinElements(TensorListConcatV2Op op, RankedTensorType list, OpBuilder &builder) {
  Shape shape(list.getShape().drop_front());
  if (shape.empty() || llvm::is_contained(ArrayRef(shape).drop_front(), ShapedType::kDynamic))
    return {};
  bool isKnown = !list.isDynamicDim(0) && !ShapedType::isDynamic(shape.front());
  shape.front() = isKnown ? list.getDimSize(0) * shape.front() : ShapedType::kDynamic;
  auto type = RankedTensorType::get(shape, list.getElementType());
  shape.front() = isKnown ? shape.front() : -1;
  return ReshapeOp::create(builder, op.getLoc(), type, op.getInputHandle(),
                           makeVector(builder, op.getLoc(), shape));
}

void ListLowering::lower(Operation *op) {
  OpBuilder builder(op);
  Location loc = op->getLoc();
  Value result =
      llvm::TypeSwitch<Operation *, Value>(op)
          .Case([&](TensorListReserveOp reserve) { return makeZeros(reserve, builder); })
          .Case([&](TensorListFromTensorOp make) { return make.getTensor(); })
          .Case([&](TensorListSetItemOp set) { return setItem(set, builder); })
          .Case([&](TensorListGetItemOp get) -> Value {
            auto scalar = RankedTensorType::get({}, builder.getI32Type());
            Value axis = ConstOp::create(builder, loc, makeIntegers(scalar, int64_t(0)));
            return GatherV2Op::create(builder, loc, get.getItem().getType(), get.getInputHandle(),
                                      get.getIndex(), axis, 0);
          })
          .Case([&](TensorListStackOp stack) { return stack.getInputHandle(); })
          .Case([&](TensorListConcatV2Op join) {
            return joinElements(join, readTypes.lookup(join), builder);
          })
          .Case([&](TensorListResizeOp change) { return resize(change, builder); })
          .Case([&](TensorListLengthOp length) -> Value {
            Value shape = ShapeOp::create(builder, loc, length.getInputHandle(), TypeAttr());
            Value zero = makeVector(builder, loc, 0), one = makeVector(builder, loc, 1);
            return StridedSliceOp::create(builder, loc, shape, zero, one, one, 0, 0, 0, 0,
                                          /*shrink_axis_mask=*/1);
          })
          .Default([](Operation *) { return Value(); });
  if (!result)
    return;
  op->getResult(0).replaceAllUsesWith(result);
  op->erase();
}

bool ListLowering::run() {
  // Decide before anything changes, then give all values of a list the type of its tensor.
  SmallVector<Operation *> lowered;
  llvm::MapVector<Value, Type> types;
  function.walk([&](Operation *op) {
    auto note = [&](Value value) {
      if (isReadyList(value))
        types[value] = lists.getType(value);
    };
    for (Region &region : op->getRegions())
      for (BlockArgument argument : region.getArguments())
        note(argument);
    for (Value result : op->getResults())
      note(result);
    bool usesList =
        llvm::any_of(op->getOperands(), [&](Value value) { return isReadyList(value); });
    bool makesList =
        llvm::any_of(op->getResults(), [&](Value value) { return isReadyList(value); });
    bool givesOne = op->getNumResults() == 1 || isa<TensorListConcatV2Op>(op);
    if ((usesList || makesList) && givesOne && op->getNumRegions() == 0) {
      lowered.push_back(op);
      if (usesList && isa<TensorListConcatV2Op, TensorListResizeOp>(op))
        readTypes[op] = lists.getType(op->getOperand(0));
    }
  });
  // The facts go by the values, which the lowering replaces.
  for (Operation *op : lowered)
    lower(op);
  function.walk([&](Operation *op) {
    for (Region &region : op->getRegions())
      for (BlockArgument argument : region.getArguments())
        if (auto type = types.find(argument); type != types.end())
          argument.setType(type->second);
    for (Value result : op->getResults())
      if (auto type = types.find(result); type != types.end() && isList(result))
        result.setType(type->second);
  });
  return !types.empty();
}

void LowerTensorLists::runOnOperation() {
  if (getOperation().isExternal())
    return;
  // What one loop collects tells the shapes of lists that the next one reads.
  OpPassManager inference(func::FuncOp::getOperationName());
  inference.addPass(createHoistLoopInvariantsPass());
  inference.addPass(createInferShapesPass());
  inference.addPass(createCanonicalizerPass());
  while (ListLowering(getOperation()).run())
    if (failed(runPipeline(inference, getOperation())))
      return signalPassFailure();
}

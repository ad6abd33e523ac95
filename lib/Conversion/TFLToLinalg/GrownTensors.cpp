//===- GrownTensors.cpp - tensors that loops make larger or smaller -------===//
//
// Part of tflc, under the Apache License 2.0.
//
// What comes behind this keeps to one rule: a loop carries tensors of sizes that stay, and what
// stands in front of a branch decides the sizes of its results. So a tensor that does otherwise is
// a part of one that does not.
//
//===----------------------------------------------------------------------===//

#include "GrownTensors.h"

#include "Guard.h"
#include "GuardShapes.h"
#include "IndexMath.h"

#include "TFLRT/IR/RoomOps.h"

#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/Bufferization/IR/Bufferization.h"
#include "mlir/Dialect/SCF/IR/SCF.h"
#include "mlir/Dialect/Tensor/IR/Tensor.h"
#include "mlir/IR/PatternMatch.h"

using namespace mlir;
using namespace tflc;

namespace {

/// A tensor that loops or branches give, and whose sizes they decide.
class GrownTensor {
public:
  /// `number` is its place among the values that are carried; it does not exceed the shape `most`.
  GrownTensor(unsigned number, Location loc, RankedTensorType type, ArrayRef<int64_t> most)
      : number(number), loc(loc), type(type), most(most), sizes(type.getRank()) {}

  unsigned getNumber() const { return number; }
  void addChanging(int64_t dim) { changing.push_back(dim); }
  bool isChanging() const { return !changing.empty(); }
  unsigned getNumSizes() const { return changing.size(); }

  /// Makes the place; `init` has the sizes of the dimensions that do not change.
  Value createPlace(OpBuilder &b, Value init);
  /// The tensor of type `type` that `place` holds.
  Value read(OpBuilder &b, Value place, ValueRange sizes, RankedTensorType type) const;
  Value read(OpBuilder &b, Value place, ValueRange sizes) const {
    return read(b, place, sizes, type);
  }
  /// `place` with another tensor in it, and those of its sizes that change.
  std::pair<Value, SmallVector<Value>> write(OpBuilder &b, Value place, Value tensor) const;

private:
  unsigned number;
  Location loc;
  RankedTensorType type;
  SmallVector<int64_t> most;
  SmallVector<int64_t> changing;   // dimensions
  SmallVector<OpFoldResult> sizes; // of those that stay
  Value room;                      // the elements of the place, where only an invocation shows it
};

} // namespace

/// The elements of a tensor one behind the other.
static Value flatten(OpBuilder &b, Location loc, Value tensor) {
  int64_t rank = cast<RankedTensorType>(tensor.getType()).getRank();
  if (rank == 1)
    return tensor;
  ReassociationIndices all = llvm::to_vector(llvm::seq<int64_t>(0, rank));
  return tensor::CollapseShapeOp::create(b, loc, tensor, SmallVector<ReassociationIndices>{all});
}

static Value withoutCast(Value tensor) {
  auto cast = tensor.getDefiningOp<tensor::CastOp>();
  return cast ? cast.getSource() : tensor;
}

Value GrownTensor::createPlace(OpBuilder &b, Value init) {
  IndexMath math(b, loc);
  for (auto [dim, size] : llvm::enumerate(type.getShape()))
    if (!llvm::is_contained(changing, dim))
      sizes[dim] = init ? tensor::getMixedSize(b, loc, withoutCast(init), dim) : math.get(size);
  SmallVector<OpFoldResult> largest = sizes;
  bool isBounded = true;
  for (int64_t dim : changing) {
    isBounded &= !ShapedType::isDynamic(most[dim]);
    largest[dim] = math.get(most[dim]);
  }
  OpFoldResult elements = isBounded ? math.product(largest) : OpFoldResult();
  if (!isBounded)
    elements = room = tflrt::RoomOp::create(b, loc, b.getIndexType(), type.getElementType());
  std::optional<int64_t> known = getConstantIntValue(elements);
  auto placeType =
      RankedTensorType::get({known.value_or(ShapedType::kDynamic)}, type.getElementType());
  // No empty tensor: those are replaced use by use, and all blocks have to agree on the place.
  return bufferization::AllocTensorOp::create(
      b, loc, placeType, known ? ValueRange() : ValueRange(cast<Value>(elements)));
}

Value GrownTensor::read(OpBuilder &b, Value place, ValueRange given,
                        RankedTensorType resultType) const {
  IndexMath math(b, loc);
  SmallVector<OpFoldResult> shape = sizes;
  for (auto [dim, size] : llvm::zip_equal(changing, given)) {
    shape[dim] = size;
    // Bounds the memory of whatever is computed from it.
    if (!ShapedType::isDynamic(most[dim]))
      shape[dim] =
          arith::MinUIOp::create(b, loc, size, math.getValue(math.get(most[dim]))).getResult();
  }
  for (auto [dim, size] : llvm::enumerate(resultType.getShape()))
    shape[dim] =
        ShapedType::isDynamic(size) ? OpFoldResult(math.getValue(shape[dim])) : math.get(size);
  OpFoldResult one = b.getIndexAttr(1);
  Value flat = tensor::ExtractSliceOp::create(b, loc, place, {b.getIndexAttr(0)},
                                              {math.product(shape)}, {one});
  if (resultType.getRank() == 1)
    return flat;
  ReassociationIndices all = llvm::to_vector(llvm::seq<int64_t>(0, resultType.getRank()));
  return tensor::ExpandShapeOp::create(b, loc, resultType, flat,
                                       SmallVector<ReassociationIndices>{all}, shape);
}

std::pair<Value, SmallVector<Value>> GrownTensor::write(OpBuilder &b, Value place,
                                                        Value tensor) const {
  IndexMath math(b, loc);
  tensor = withoutCast(tensor);
  SmallVector<OpFoldResult> shape = tensor::getMixedSizes(b, loc, tensor);
  SmallVector<Value> given;
  for (int64_t dim : changing)
    given.push_back(math.getValue(shape[dim]));
  OpFoldResult elements = math.product(shape);
  if (getConstantIntValue(elements) == 0)
    return {place, given};
  Value flat = flatten(b, loc, tensor);
  if (room) {
    Value isLarger =
        arith::CmpIOp::create(b, loc, arith::CmpIPredicate::ugt, math.getValue(elements), room);
    flat = guardScalar(b, loc, flat, isLarger, TFLC_LARGER_ARENA_NEEDED);
  }
  OpFoldResult one = b.getIndexAttr(1);
  Value result =
      tensor::InsertSliceOp::create(b, loc, flat, place, {b.getIndexAttr(0)}, {elements}, {one});
  return {result, given};
}

//===----------------------------------------------------------------------===//
// Loops
//===----------------------------------------------------------------------===//

/// What a loop carries behind the change: places instead of tensors, and sizes behind all.
static SmallVector<Value> createInits(OpBuilder &b, ValueRange inits,
                                      MutableArrayRef<GrownTensor> grown) {
  SmallVector<Value> carried(inits), sizes;
  for (GrownTensor &tensor : grown) {
    Value init = inits[tensor.getNumber()];
    auto [place, given] = tensor.write(b, tensor.createPlace(b, init), init);
    carried[tensor.getNumber()] = place;
    llvm::append_range(sizes, given);
  }
  llvm::append_range(carried, sizes);
  return carried;
}

/// The values of a block that has `carried` as arguments, as the old block had them.
static SmallVector<Value> readCarried(OpBuilder &b, ValueRange carried,
                                      ArrayRef<GrownTensor> grown) {
  unsigned next = carried.size();
  for (const GrownTensor &tensor : grown)
    next -= tensor.getNumSizes();
  SmallVector<Value> values(carried.take_front(next));
  for (const GrownTensor &tensor : grown) {
    values[tensor.getNumber()] =
        tensor.read(b, carried[tensor.getNumber()], carried.slice(next, tensor.getNumSizes()));
    next += tensor.getNumSizes();
  }
  return values;
}

/// Lets `yield` give places and sizes, for `carried`, the arguments of its block.
static void yieldPlaces(scf::YieldOp yield, ValueRange carried, ArrayRef<GrownTensor> grown) {
  OpBuilder b(yield);
  SmallVector<Value> yielded(yield.getOperands()), sizes;
  for (const GrownTensor &tensor : grown) {
    unsigned number = tensor.getNumber();
    auto [place, given] = tensor.write(b, carried[number], yielded[number]);
    yielded[number] = place;
    llvm::append_range(sizes, given);
  }
  llvm::append_range(yielded, sizes);
  yield->setOperands(yielded);
}

/// Reads the results of the changed loop instead of those of the old one. Sizes at the end that are
/// known are in casts of a result.
static void replaceResults(IRRewriter &b, Operation *old, Operation *changed,
                           ArrayRef<GrownTensor> grown) {
  b.setInsertionPointAfter(changed);
  unsigned next = old->getNumResults();
  SmallVector<Value> values(changed->getResults().take_front(next));
  for (const GrownTensor &tensor : grown) {
    OpResult result = old->getResult(tensor.getNumber());
    Value place = values[tensor.getNumber()];
    ValueRange sizes = changed->getResults().slice(next, tensor.getNumSizes());
    next += tensor.getNumSizes();
    for (Operation *user : llvm::make_early_inc_range(result.getUsers()))
      if (isa<tensor::CastOp>(user))
        b.replaceOp(user, tensor.read(b, place, sizes,
                                      cast<RankedTensorType>(user->getResult(0).getType())));
    if (!result.use_empty())
      b.replaceAllUsesWith(result, tensor.read(b, place, sizes));
    values[tensor.getNumber()] = nullptr;
  }
  for (auto [result, value] : llvm::zip(old->getResults(), values))
    if (value)
      b.replaceAllUsesWith(result, value);
  b.eraseOp(old);
}

static void changeLoop(scf::ForOp loop, MutableArrayRef<GrownTensor> grown) {
  IRRewriter b(loop.getContext());
  b.setInsertionPoint(loop);
  SmallVector<Value> inits = createInits(b, loop.getInitArgs(), grown);
  auto changed =
      scf::ForOp::create(b, loop.getLoc(), loop.getLowerBound(), loop.getUpperBound(),
                         loop.getStep(), inits, [](OpBuilder &, Location, Value, ValueRange) {});
  changed->setAttrs(loop->getAttrs());
  Block *body = changed.getBody();
  b.setInsertionPointToStart(body);
  SmallVector<Value> arguments = {changed.getInductionVar()};
  llvm::append_range(arguments, readCarried(b, changed.getRegionIterArgs(), grown));
  b.inlineBlockBefore(loop.getBody(), body, body->end(), arguments);
  yieldPlaces(cast<scf::YieldOp>(body->getTerminator()), changed.getRegionIterArgs(), grown);
  replaceResults(b, loop, changed, grown);
}

static void changeLoop(scf::WhileOp loop, MutableArrayRef<GrownTensor> grown) {
  IRRewriter b(loop.getContext());
  b.setInsertionPoint(loop);
  SmallVector<Value> inits = createInits(b, loop.getInits(), grown);
  auto changed = scf::WhileOp::create(b, loop.getLoc(), ValueRange(inits).getTypes(), inits);
  changed->setAttrs(loop->getAttrs());
  SmallVector<Location> places(inits.size(), loop.getLoc());
  for (auto [region, old] : {std::pair(&changed.getBefore(), loop.getBeforeBody()),
                             std::pair(&changed.getAfter(), loop.getAfterBody())}) {
    Block *block = b.createBlock(region, region->end(), ValueRange(inits).getTypes(), places);
    b.inlineBlockBefore(old, block, block->end(), readCarried(b, block->getArguments(), grown));
  }
  changed.getConditionOp().getArgsMutable().assign(changed.getBeforeArguments());
  yieldPlaces(changed.getYieldOp(), changed.getAfterArguments(), grown);
  b.setInsertionPointAfter(changed);
  replaceResults(b, loop, changed, grown);
}

/// The tensors of a loop that change.
static SmallVector<GrownTensor> findGrown(Operation *loop, ValueRange inits, ValueRange yielded,
                                          ValueRange arguments) {
  auto most = loop->getAttrOfType<ArrayAttr>(kMostShapesName);
  SmallVector<GrownTensor> grown;
  for (auto [i, init] : llvm::enumerate(inits)) {
    auto type = dyn_cast<RankedTensorType>(arguments[i].getType());
    if (!type || type.hasStaticShape())
      continue;
    // The room of a string is a dimension more.
    SmallVector<int64_t> limit(type.getShape());
    if (most)
      llvm::copy(cast<DenseI64ArrayAttr>(most[i]).asArrayRef(), limit.begin());
    GrownTensor tensor(i, arguments[i].getLoc(), type, limit);
    for (int64_t dim : llvm::seq(type.getRank()))
      if (type.isDynamicDim(dim) && !haveSameSize(yielded[i], arguments[i], dim))
        tensor.addChanging(dim);
    if (tensor.isChanging())
      grown.push_back(tensor);
  }
  return grown;
}

//===----------------------------------------------------------------------===//
// Branches
//===----------------------------------------------------------------------===//

static SmallVector<scf::YieldOp> getYields(Operation *branch) {
  SmallVector<scf::YieldOp> yields;
  for (Region &region : branch->getRegions())
    if (!region.empty())
      yields.push_back(cast<scf::YieldOp>(region.front().getTerminator()));
  return yields;
}

/// The results of a branch one of whose blocks decides a size.
static SmallVector<GrownTensor> findGrown(Operation *branch) {
  SmallVector<GrownTensor> grown;
  for (OpResult result : branch->getResults()) {
    auto type = dyn_cast<RankedTensorType>(result.getType());
    unsigned number = result.getResultNumber();
    if (!type || type.hasStaticShape())
      continue;
    bool isDecidedInside = false;
    SmallVector<int64_t> unknown(type.getRank(), ShapedType::kDynamic);
    GrownTensor tensor(number, result.getLoc(), type, unknown);
    for (int64_t dim : llvm::seq(type.getRank())) {
      if (!type.isDynamicDim(dim))
        continue;
      tensor.addChanging(dim);
      for (scf::YieldOp yield : getYields(branch))
        isDecidedInside |= !isSizeKnownBefore(branch, yield->getOperand(number), dim);
    }
    if (isDecidedInside)
      grown.push_back(tensor);
  }
  return grown;
}

/// The branch gives places, and behind all the sizes of what is in them.
static void changeBranch(Operation *branch, MutableArrayRef<GrownTensor> grown) {
  IRRewriter b(branch->getContext());
  b.setInsertionPoint(branch);
  SmallVector<Value> places(branch->getNumResults());
  SmallVector<Type> types(branch->getResultTypes());
  for (GrownTensor &tensor : grown) {
    places[tensor.getNumber()] = tensor.createPlace(b, Value());
    types[tensor.getNumber()] = places[tensor.getNumber()].getType();
    types.append(tensor.getNumSizes(), b.getIndexType());
  }
  OperationState state(branch->getLoc(), branch->getName(), branch->getOperands(), types,
                       branch->getAttrs());
  for (Region &region : branch->getRegions())
    state.addRegion()->takeBody(region);
  Operation *changed = b.create(state);
  for (scf::YieldOp yield : getYields(changed))
    yieldPlaces(yield, places, grown);
  replaceResults(b, branch, changed, grown);
}

void tflc::carryGrownTensors(ModuleOp module) {
  SmallVector<Operation *> ops; // what is inside of another one comes first
  module.walk([&](Operation *op) {
    if (holdsModelBlocks(op))
      ops.push_back(op);
  });
  for (Operation *op : ops) {
    if (auto loop = dyn_cast<scf::ForOp>(op)) {
      SmallVector<GrownTensor> grown =
          findGrown(loop, loop.getInitArgs(), loop.getYieldedValues(), loop.getRegionIterArgs());
      if (!grown.empty())
        changeLoop(loop, grown);
    } else if (auto loop = dyn_cast<scf::WhileOp>(op)) {
      SmallVector<GrownTensor> grown = findGrown(
          loop, loop.getInits(), loop.getYieldOp().getOperands(), loop.getAfterArguments());
      if (!grown.empty())
        changeLoop(loop, grown);
    } else if (SmallVector<GrownTensor> grown = findGrown(op); !grown.empty()) {
      changeBranch(op, grown);
    }
  }
  module.walk([](Operation *op) { op->removeAttr(kMostShapesName); });
}

//===- PlanDynamicArena.cpp - places of buffers of unknown size -----------===//
//
// Part of tflc, under the Apache License 2.0.
//
//===----------------------------------------------------------------------===//

#include "Measurements.h"
#include "SizeBounds.h"

#include "tflc/Schedule/MeasuredDims.h"
#include "tflc/Schedule/Passes.h"

#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/Func/IR/FuncOps.h"
#include "mlir/Dialect/Utils/StaticValueUtils.h"
#include "mlir/IR/ImplicitLocOpBuilder.h"
#include "mlir/Interfaces/SideEffectInterfaces.h"
#include "llvm/Support/MathExtras.h"

namespace tflc {
#define GEN_PASS_DEF_PLANDYNAMICARENA
#include "tflc/Schedule/Passes.h.inc"
} // namespace tflc

using namespace mlir;
using namespace tflc;

namespace {

/// An output whose shape has unknown dimensions.
struct OutputView {
  /// Null where all sizes are constants by now.
  memref::ViewOp view;
  /// The sizes that the model does not know; some have become constants since.
  SmallVector<Value> sizes;
  /// Those of the sizes that only an invocation shows.
  SmallVector<bool> isMeasured;
};

/// Plans one entry function.
class Planner {
public:
  Planner(func::FuncOp func, int64_t fixedSize)
      : func(func), fixedSize(fixedSize), builder(func.getLoc(), func.getContext()) {}

  void run();

private:
  void readArguments();
  bool isInput(BlockArgument buffer) const;
  SmallVector<Value> getUnknownSizes(BlockArgument buffer, memref::ViewOp view);
  SmallVector<Value> getSizesSinceKnown(BlockArgument buffer);
  void findOutputs();
  void findPlanned();
  void separateMeasured();
  SmallVector<Value> computeOffsets(IRMapping &known);
  void addPlanFunction();
  void addExtents();
  void placePlanned();
  void measureOutputs(Measurements &measurements);

  func::FuncOp func;
  int64_t fixedSize;
  ImplicitLocOpBuilder builder;
  Value arena, extents;
  SmallVector<Value> dims;
  SmallVector<BlockArgument> buffers; // inputs and outputs
  SmallVector<OutputView> outputs;
  SmallVector<DynamicSlot> slots;
  int64_t numMeasured = 0, numCapacities = 0;
  bool hasMeasuredSlots = false;
  Value plannedEnd;
};

} // namespace

void Planner::readArguments() {
  for (BlockArgument arg : func.getArguments()) {
    if (func.getArgAttr(arg.getArgNumber(), "tflc.arena"))
      arena = arg;
    else if (func.getArgAttr(arg.getArgNumber(), "tflc.dim"))
      dims.push_back(arg);
    else
      buffers.push_back(arg);
  }
}

/// Whether one of the unknown dimensions is that of `buffer`; those of outputs are no arguments.
bool Planner::isInput(BlockArgument buffer) const {
  return llvm::any_of(dims, [&](Value dim) {
    auto origin = func::FuncOp(func).getArgAttrOfType<ArrayAttr>(
        cast<BlockArgument>(dim).getArgNumber(), "tflc.dim");
    return origin && cast<IntegerAttr>(origin[0]).getInt() == buffer.getArgNumber();
  });
}

/// The sizes of an output that its caller has to be told.
SmallVector<Value> Planner::getUnknownSizes(BlockArgument buffer, memref::ViewOp view) {
  auto shape =
      func.getArgAttrOfType<DenseI64ArrayAttr>(buffer.getArgNumber(), tflc::kOutputShapeAttrName);
  if (!shape)
    return view.getSizes();
  SmallVector<Value> sizes;
  OpBuilder at(view);
  auto nextSize = view.getSizes().begin();
  for (auto [dim, size] : llvm::enumerate(shape.asArrayRef())) {
    bool isKnown = !view.getType().isDynamicDim(dim);
    Value value = isKnown ? Value() : *nextSize++;
    if (ShapedType::isDynamic(size))
      sizes.push_back(isKnown ? arith::ConstantIndexOp::create(at, view.getLoc(),
                                                               view.getType().getDimSize(dim))
                              : value);
  }
  return sizes;
}

/// The same for an output that has constant sizes by now, and so no view.
SmallVector<Value> Planner::getSizesSinceKnown(BlockArgument buffer) {
  unsigned number = buffer.getArgNumber();
  auto shape = func.getArgAttrOfType<DenseI64ArrayAttr>(number, tflc::kOutputShapeAttrName);
  auto known = func.getArgAttrOfType<DenseI64ArrayAttr>(number, tflc::kKnownShapeAttrName);
  SmallVector<Value> sizes;
  if (!shape || !known)
    return sizes;
  OpBuilder at = OpBuilder::atBlockBegin(&func.front());
  for (auto [size, constant] : llvm::zip_equal(shape.asArrayRef(), known.asArrayRef()))
    if (ShapedType::isDynamic(size))
      sizes.push_back(arith::ConstantIndexOp::create(at, func.getLoc(), constant));
  return sizes;
}

void Planner::findOutputs() {
  for (BlockArgument buffer : buffers) {
    if (isInput(buffer))
      continue;
    // Only asks; what that creates is not used and goes.
    IRMapping known;
    for (Value dim : dims)
      known.map(dim, dim);
    auto user = llvm::find_if(buffer.getUsers(), llvm::IsaPred<memref::ViewOp>);
    OutputView output;
    if (user != buffer.getUsers().end())
      output.view = cast<memref::ViewOp>(*user);
    output.sizes = output.view ? getUnknownSizes(buffer, output.view) : getSizesSinceKnown(buffer);
    if (output.sizes.empty())
      continue;
    OpBuilder scratch(func.front().getTerminator());
    SizeBounds bounds(scratch, known);
    for (Value size : output.sizes)
      output.isMeasured.push_back(failed(bounds.getExact(size)));
    int64_t measured = llvm::count(output.isMeasured, true);
    numMeasured += measured;
    numCapacities += measured != 0;
    outputs.push_back(output);
  }
}

void Planner::findPlanned() {
  for (DynamicSlot &slot : slots) {
    OpBuilder scratch(slot.buffers.front());
    IRMapping known;
    for (Value dim : dims)
      known.map(dim, dim);
    SizeBounds bounds(scratch, known);
    slot.isPlanned = llvm::all_of(slot.factors,
                                  [&](Value factor) { return succeeded(bounds.getUpper(factor)); });
  }
  func.walk([&](tflrt::RoomOp) { hasMeasuredSlots = true; });
  separateMeasured();
}

/// The place of a measured slot is known in the block of its first buffer and those inside of it:
/// buffers elsewhere get a slot of their own.
void Planner::separateMeasured() {
  SmallVector<DynamicSlot> separated;
  for (DynamicSlot &slot : slots) {
    if (slot.isPlanned) {
      separated.push_back(slot);
      continue;
    }
    hasMeasuredSlots = true;
    size_t first = separated.size();
    for (memref::AllocOp alloc : slot.buffers) {
      auto around = llvm::find_if(llvm::drop_begin(separated, first), [&](DynamicSlot &other) {
        return other.buffers.front()->getBlock()->findAncestorOpInBlock(*alloc);
      });
      if (around != separated.end()) {
        around->buffers.push_back(alloc);
        continue;
      }
      separated.push_back(slot);
      separated.back().buffers.assign({alloc});
    }
  }
  slots = std::move(separated);
}

/// The offsets of the planned slots, and behind them where they end.
SmallVector<Value> Planner::computeOffsets(IRMapping &known) {
  SmallVector<Value> offsets;
  SizeBounds bounds(builder, known);
  Value offset = arith::ConstantIndexOp::create(builder, fixedSize);
  Value mask = arith::ConstantIndexOp::create(builder, -slotAlignment);
  Value padding = arith::ConstantIndexOp::create(builder, slotAlignment - 1);
  for (const DynamicSlot &slot : slots) {
    if (!slot.isPlanned)
      continue;
    offsets.push_back(offset);
    Value size = arith::ConstantIndexOp::create(builder, slot.bytes);
    for (Value factor : slot.factors)
      size = arith::MulIOp::create(builder, size, bounds.materialize(*bounds.getUpper(factor)));
    size = arith::AndIOp::create(builder, arith::AddIOp::create(builder, size, padding), mask);
    offset = arith::AddIOp::create(builder, offset, size);
  }
  offsets.push_back(offset);
  return offsets;
}

/// Adds `<function>.plan`: from the unknown dimensions of the inputs to the arena's size, the
/// dimensions of outputs that follow, and the limits of those that data decide (-1 where there is
/// none).
void Planner::addPlanFunction() {
  OpBuilder::InsertionGuard guard(builder);
  builder.setInsertionPointAfter(func);
  Type index = builder.getIndexType();
  auto plan = func::FuncOp::create(
      builder, (func.getName() + ".plan").str(),
      builder.getFunctionType(SmallVector<Type>(dims.size(), index), TypeRange{}));
  builder.setInsertionPointToStart(plan.addEntryBlock());
  IRMapping known;
  for (auto [dim, arg] : llvm::zip(dims, plan.getArguments()))
    known.map(dim, arg);
  SmallVector<Value> results = {computeOffsets(known).back()}, limits;
  SizeBounds bounds(builder, known);
  for (OutputView &output : outputs)
    for (auto [size, isMeasured] : llvm::zip_equal(output.sizes, output.isMeasured)) {
      FailureOr<OpFoldResult> limit = bounds.getUpper(size);
      (isMeasured ? limits : results)
          .push_back(
              bounds.materialize(failed(limit) ? OpFoldResult(builder.getIndexAttr(-1)) : *limit));
    }
  llvm::append_range(results, limits);
  func::ReturnOp::create(builder, results);
  plan.setType(builder.getFunctionType(plan.getArgumentTypes(), ValueRange(results).getTypes()));
}

/// An argument for what only an invocation shows: the measured dimensions of outputs, then the
/// bytes that the buffers of these outputs hold, then those that the arena holds.
void Planner::addExtents() {
  Builder attrs(func.getContext());
  auto type = MemRefType::get({numMeasured + numCapacities + 1}, attrs.getI64Type());
  unsigned number = func.getNumArguments();
  DictionaryAttr mark =
      attrs.getDictionaryAttr(attrs.getNamedAttr("tflc.extents", attrs.getUnitAttr()));
  if (failed(func.insertArgument(number, type, mark, func.getLoc())))
    llvm_unreachable("the last argument of a function without results");
  extents = func.getArgument(number);
  // For each unknown dimension of the outputs in order: nothing where it is derived, otherwise the
  // constant that bounds it, or -1.
  SmallVector<Attribute> measured;
  for (OutputView &output : outputs) {
    IRMapping known;
    OpBuilder scratch(func.front().getTerminator());
    SizeBounds bounds(scratch, known);
    for (auto [size, isMeasured] : llvm::zip_equal(output.sizes, output.isMeasured)) {
      FailureOr<OpFoldResult> limit = bounds.getUpper(size);
      std::optional<int64_t> constant = failed(limit) ? std::nullopt : getConstantIntValue(*limit);
      measured.push_back(isMeasured ? Attribute(attrs.getI64IntegerAttr(constant.value_or(-1)))
                                    : Attribute(attrs.getUnitAttr()));
    }
  }
  func->setAttr(tflc::kMeasuredDimsAttrName, attrs.getArrayAttr(measured));
}

void Planner::placePlanned() {
  builder.setInsertionPointToStart(&func.front());
  IRMapping known;
  for (Value dim : dims)
    known.map(dim, dim);
  SmallVector<Value> offsets = computeOffsets(known);
  plannedEnd = offsets.back();
  const Value *offset = offsets.begin();
  for (DynamicSlot &slot : slots) {
    if (!slot.isPlanned)
      continue;
    for (memref::AllocOp alloc : slot.buffers) {
      OpBuilder at(alloc);
      Value view = memref::ViewOp::create(at, alloc.getLoc(), alloc.getType(), arena, *offset,
                                          alloc.getDynamicSizes());
      alloc.replaceAllUsesWith(view);
      alloc.erase();
    }
    ++offset;
  }
}

/// Tells the caller the shape of an output before anything is written to it, and goes on only where
/// the output's buffer has room.
void Planner::measureOutputs(Measurements &measurements) {
  int64_t nextDim = 0, nextCapacity = numMeasured;
  for (OutputView &output : outputs) {
    if (!llvm::is_contained(output.isMeasured, true))
      continue;
    builder.setInsertionPoint(output.view);
    builder.setLoc(output.view.getLoc());
    MemRefType type = output.view.getType();
    int64_t bytes = getKnownBytes(type);
    for (auto [size, isMeasured] : llvm::zip_equal(output.sizes, output.isMeasured)) {
      if (!isMeasured)
        continue;
      measurements.storeExtent(nextDim++,
                               arith::IndexCastOp::create(builder, builder.getI64Type(), size));
    }
    measurements.guardAtMost(measurements.multiplyBytes(bytes, output.view.getSizes()),
                             measurements.loadExtent(nextCapacity++), TFLC_LARGER_OUTPUT_NEEDED);
  }
}

void Planner::run() {
  readArguments();
  if (!arena)
    return;
  slots = assignSlots(func.front());
  findOutputs();
  if (dims.empty() && slots.empty() && outputs.empty())
    return;
  findPlanned();
  addPlanFunction();
  if (numMeasured || hasMeasuredSlots)
    addExtents();
  placePlanned();
  Measurements measurements(builder, arena, extents, numMeasured + numCapacities);
  if (hasMeasuredSlots)
    measurements.place(func.front(), slots, plannedEnd);
  measureOutputs(measurements);
}

namespace {
struct PlanDynamicArenaPass : tflc::impl::PlanDynamicArenaBase<PlanDynamicArenaPass> {
  void runOnOperation() override {
    int64_t fixedSize = 0;
    if (auto attr = getOperation()->getAttrOfType<IntegerAttr>("tflc.arena_size"))
      fixedSize = llvm::alignTo(attr.getInt(), slotAlignment);
    for (auto func : llvm::to_vector(getOperation().getOps<func::FuncOp>()))
      if (!func.isDeclaration())
        Planner(func, fixedSize).run();
  }
};
} // namespace

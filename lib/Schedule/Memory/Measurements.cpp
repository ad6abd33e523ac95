//===- Measurements.cpp - what only an invocation shows -------------------===//
//
// Part of tflc, under the Apache License 2.0.
//
//===----------------------------------------------------------------------===//

#include "Measurements.h"

#include "tflc/Support/ElementSize.h"

#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/Utils/StaticValueUtils.h"

using namespace mlir;
using namespace tflc;

/// What data make larger than this has no place.
static constexpr int64_t maxMeasuredBytes = int64_t(1) << 31;

/// The least that is asked for in addition where a tensor outgrows its room.
static constexpr int64_t roomStep = 4096;

Value Measurements::loadExtent(int64_t number) {
  return memref::LoadOp::create(b, extents, ValueRange(arith::ConstantIndexOp::create(b, number)));
}

void Measurements::storeExtent(int64_t number, Value value) {
  memref::StoreOp::create(b, value, extents, ValueRange(arith::ConstantIndexOp::create(b, number)));
}

/// `bytes` times the product of sizes that data decide, as an i64; the largest number of bytes that
/// is allowed, and one more, where it would be larger. A size of zero empties a tensor but does not
/// excuse the others: loops run over them all the same, and would not end in a lifetime.
Value Measurements::multiplyBytes(int64_t bytes, ValueRange sizes) {
  Type i64 = b.getI64Type();
  Value limit = arith::ConstantIntOp::create(b, i64, maxMeasuredBytes);
  Value zero = arith::ConstantIntOp::create(b, i64, 0);
  Value one = arith::ConstantIntOp::create(b, i64, 1);
  Value product = arith::ConstantIntOp::create(b, i64, std::min(bytes, maxMeasuredBytes));
  Value isEmpty = arith::ConstantIntOp::create(b, b.getI1Type(), 0);
  for (Value size : sizes) {
    Value factor = arith::IndexCastOp::create(b, i64, size);
    Value isZero = arith::CmpIOp::create(b, arith::CmpIPredicate::eq, factor, zero);
    isEmpty = arith::OrIOp::create(b, isEmpty, isZero);
    factor = arith::MinUIOp::create(b, arith::MaxUIOp::create(b, factor, one), limit);
    product = arith::MinUIOp::create(b, arith::MulIOp::create(b, product, factor), limit);
  }
  Value isSmall = arith::CmpIOp::create(b, arith::CmpIPredicate::ult, product, limit);
  Value isHarmless = arith::AndIOp::create(b, isEmpty, isSmall);
  return arith::SelectOp::create(b, isHarmless, zero, product);
}

/// Ends the invocation with `status` unless `bytes` are within `capacity`.
void Measurements::guardAtMost(Value bytes, Value capacity, tflc_status status) {
  Type i32 = b.getI32Type();
  Value limit = arith::ConstantIntOp::create(b, b.getI64Type(), maxMeasuredBytes);
  Value isTooLarge =
      arith::OrIOp::create(b, arith::CmpIOp::create(b, arith::CmpIPredicate::sgt, bytes, capacity),
                           arith::CmpIOp::create(b, arith::CmpIPredicate::uge, bytes, limit));
  Value code = arith::SelectOp::create(b, isTooLarge, arith::ConstantIntOp::create(b, i32, status),
                                       arith::ConstantIntOp::create(b, i32, TFLC_OK));
  tflc::tflrt::GuardOp::create(b, TypeRange(), code, Value());
}

/// Places a slot of unbounded size behind all others that are placed so far.
void Measurements::placeSlot(DynamicSlot &slot) {
  Type i64 = b.getI64Type();
  Value start = end;
  // Not the factors of the slot: a room has become a number since.
  Value bytes = multiplyBytes(slot.bytes, slot.buffers.front().getDynamicSizes());
  Value mask = arith::ConstantIntOp::create(b, i64, -slotAlignment);
  Value padding = arith::ConstantIntOp::create(b, i64, slotAlignment - 1);
  Value room = arith::AndIOp::create(b, arith::AddIOp::create(b, bytes, padding), mask);
  end = arith::AddIOp::create(b, start, room);
  // The caller reads here how much is needed as far as that shows.
  Value held = loadExtent(arenaNumber);
  Value isEnough = arith::CmpIOp::create(b, arith::CmpIPredicate::sle, end, held);
  storeExtent(arenaNumber, arith::SelectOp::create(b, isEnough, held, end).getResult());
  guardAtMost(end, held, TFLC_LARGER_ARENA_NEEDED);
  Value offset = arith::IndexCastOp::create(b, b.getIndexType(), start);
  for (memref::AllocOp alloc : slot.buffers) {
    OpBuilder at(alloc);
    Value view = memref::ViewOp::create(at, alloc.getLoc(), alloc.getType(), arena, offset,
                                        alloc.getDynamicSizes());
    alloc.replaceAllUsesWith(view);
    placed.push_back(alloc);
  }
}

/// A quarter of what is left: other tensors need room as well.
void Measurements::measureRoom(tflrt::RoomOp op) {
  Type i64 = b.getI64Type();
  Value zero = arith::ConstantIntOp::create(b, i64, 0);
  Value rest = arith::SubIOp::create(b, loadExtent(arenaNumber), end);
  rest = arith::MaxSIOp::create(b, rest, zero);
  Value share = arith::ConstantIntOp::create(b, i64, 4 * getElementBytes(op.getElement()));
  Value elements = arith::DivUIOp::create(b, rest, share);
  op.replaceAllUsesWith(arith::IndexCastOp::create(b, b.getIndexType(), elements).getResult());
  op.erase();
}

/// Where a tensor outgrows its room, nothing says how large it becomes: half as much again is
/// asked for, until it is enough.
void Measurements::tellLargerRoom(tflrt::GuardOp op) {
  auto choice = op.getStatus().getDefiningOp<arith::SelectOp>();
  if (!choice || getConstantIntValue(choice.getTrueValue()) != TFLC_LARGER_ARENA_NEEDED)
    return;
  Value held = loadExtent(arenaNumber);
  Value two = arith::ConstantIntOp::create(b, b.getI64Type(), 2);
  Value more = arith::ConstantIntOp::create(b, b.getI64Type(), roomStep);
  Value larger = arith::AddIOp::create(b, held, arith::DivUIOp::create(b, held, two));
  larger = arith::AddIOp::create(b, larger, more);
  // No more than any tensor may take: what grows without end is not asked for for ever.
  Value limit = arith::ConstantIntOp::create(b, b.getI64Type(), maxMeasuredBytes);
  larger = arith::MinUIOp::create(b, larger, limit);
  storeExtent(arenaNumber,
              arith::SelectOp::create(b, choice.getCondition(), larger, held).getResult());
}

void Measurements::place(Block &body, MutableArrayRef<DynamicSlot> slots, Value plannedEnd) {
  for (DynamicSlot &slot : slots)
    if (!slot.isPlanned)
      firstBuffers[slot.buffers.front()] = &slot;
  end = arith::IndexCastOp::create(b, b.getI64Type(), plannedEnd);
  placeIn(body);
  for (Operation *op : placed)
    op->erase();
}

/// Places what is measured in a block, in the order in which the sizes show. What a loop or branch
/// needs inside is free again behind it, and in its next iteration.
void Measurements::placeIn(Block &block) {
  SmallVector<Operation *> ops;
  for (Operation &op : block)
    ops.push_back(&op);
  for (Operation *op : ops) {
    b.setInsertionPoint(op);
    b.setLoc(op->getLoc());
    for (Region &region : op->getRegions())
      for (Block &inner : region) {
        Value outer = end;
        placeIn(inner);
        end = outer;
      }
    if (auto room = dyn_cast<tflrt::RoomOp>(op))
      measureRoom(room);
    else if (auto guard = dyn_cast<tflrt::GuardOp>(op))
      tellLargerRoom(guard);
    else if (DynamicSlot *slot = firstBuffers.lookup(op))
      placeSlot(*slot);
  }
}

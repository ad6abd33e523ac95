//===- Suppression.cpp - lowering of the suppression family ---------------===//
//
// Part of tflc, under the Apache License 2.0.
//
//===----------------------------------------------------------------------===//

#include "Guard.h"
#include "IndexMath.h"
#include "Loops.h"
#include "PopulatePatterns.h"
#include "Utils.h"

#include "TFL/IR/ShapeValues.h"
#include "TFL/IR/SuppressionOps.h"

#include "mlir/Dialect/Math/IR/Math.h"
#include "mlir/Dialect/Tensor/IR/Tensor.h"

using namespace mlir;
using namespace tflc;

//===----------------------------------------------------------------------===//
// A heap of candidates
//===----------------------------------------------------------------------===//

namespace {

/// A box that may be selected: its number, its score, and how many selected boxes it has been
/// compared with.
struct Candidate {
  Value number, score, compared;
};

/// Candidates in a binary heap, the highest score on top, in tensors that loops carry. Equal scores
/// come out in the order that the reference's library gives them: an element moves up as long as
/// the one above is less; to remove the top, the greater child moves up (the right one of equal
/// ones) until a leaf is free, and the last element moves up from there.
struct Heap {
  Value numbers, scores, compared, size;

  static Heap create(OpBuilder &builder, Location loc, OpFoldResult capacity, Value zero);
  static Heap unpack(ValueRange values) { return {values[0], values[1], values[2], values[3]}; }
  SmallVector<Value> pack() const { return {numbers, scores, compared, size}; }

  Candidate get(ScalarBuilder &b, Value place) const {
    return {extract(b, numbers, place), extract(b, scores, place), extract(b, compared, place)};
  }
  Heap set(ScalarBuilder &b, Value place, const Candidate &candidate) const {
    return {insert(b, candidate.number, numbers, place), insert(b, candidate.score, scores, place),
            insert(b, candidate.compared, compared, place), size};
  }
  Heap push(ScalarBuilder &b, const Candidate &candidate) const;
  /// Without the top, which must be there.
  Heap pop(ScalarBuilder &b) const;

private:
  Heap moveUp(ScalarBuilder &b, Value place, const Candidate &candidate) const;
};

} // namespace

static Value add(ScalarBuilder &b, Value lhs, int64_t rhs) {
  return b.emit<arith::AddIOp>(lhs, b.integer(lhs.getType(), rhs));
}

Heap Heap::create(OpBuilder &builder, Location loc, OpFoldResult capacity, Value zero) {
  Type i32 = builder.getI32Type();
  return {createEmpty(builder, loc, capacity, i32),
          createEmpty(builder, loc, capacity, builder.getF32Type()),
          createEmpty(builder, loc, capacity, i32), zero};
}

/// Puts the candidate into the free `place`, or above it.
Heap Heap::moveUp(ScalarBuilder &b, Value place, const Candidate &candidate) const {
  Value zero = b.integer(place.getType(), 0);
  auto getParent = [&](ScalarBuilder &b, Value child) -> Value {
    Value isTop = b.compare(arith::CmpIPredicate::eq, child, zero);
    return b.emit<arith::ShRUIOp>(b.select(isTop, zero, add(b, child, -1)),
                                  b.integer(child.getType(), 1));
  };
  SmallVector<Value> carried = pack();
  carried.back() = place;
  carried = buildWhile(
      b, carried,
      [&](ScalarBuilder &b, ValueRange args) -> Value {
        Value above = extract(b, args[1], getParent(b, args[3]));
        Value isLess = b.compare(arith::CmpFPredicate::OLT, above, candidate.score);
        return b.emit<arith::AndIOp>(b.compare(arith::CmpIPredicate::ne, args[3], zero), isLess);
      },
      [&](ScalarBuilder &b, ValueRange args) {
        Heap heap = unpack(args);
        Value parent = getParent(b, heap.size);
        heap = heap.set(b, heap.size, heap.get(b, parent));
        heap.size = parent;
        return heap.pack();
      });
  Heap heap = unpack(carried);
  heap = heap.set(b, heap.size, candidate);
  heap.size = size;
  return heap;
}

Heap Heap::push(ScalarBuilder &b, const Candidate &candidate) const {
  Heap heap = moveUp(b, size, candidate);
  heap.size = add(b, size, 1);
  return heap;
}

Heap Heap::pop(ScalarBuilder &b) const {
  Value last = add(b, size, -1);
  Candidate moved = get(b, last);
  auto getLeft = [](ScalarBuilder &b, Value parent) {
    return add(b, b.emit<arith::AddIOp>(parent, parent), 1);
  };
  SmallVector<Value> carried = pack();
  carried.back() = b.integer(size.getType(), 0);
  carried = buildWhile(
      b, carried,
      [&](ScalarBuilder &b, ValueRange args) {
        return b.compare(arith::CmpIPredicate::ult, getLeft(b, args[3]), last);
      },
      [&](ScalarBuilder &b, ValueRange args) {
        Heap heap = unpack(args);
        Value left = getLeft(b, heap.size), right = add(b, left, 1);
        Value isPair = b.compare(arith::CmpIPredicate::ult, right, last);
        Value other = b.select(isPair, right, left);
        Value isLess = b.compare(arith::CmpFPredicate::OLT, extract(b, heap.scores, other),
                                 extract(b, heap.scores, left));
        Value child = b.select(isLess, left, other);
        heap = heap.set(b, heap.size, heap.get(b, child));
        heap.size = child;
        return heap.pack();
      });
  Heap heap = unpack(carried);
  Value hole = heap.size;
  heap.size = last;
  return heap.moveUp(b, hole, moved);
}

//===----------------------------------------------------------------------===//
// Overlap
//===----------------------------------------------------------------------===//

namespace {
/// Two opposite corners in order.
struct Box {
  Value top, left, bottom, right;
};
} // namespace

static Box readBox(ScalarBuilder &b, Value boxes, Value number) {
  Value row = castToIndex(b, number);
  auto read = [&](int64_t i) { return extract(b, boxes, {row, b.integer(row.getType(), i)}); };
  Value y1 = read(0), x1 = read(1), y2 = read(2), x2 = read(3);
  return {b.emit<arith::MinimumFOp>(y1, y2), b.emit<arith::MinimumFOp>(x1, x2),
          b.emit<arith::MaximumFOp>(y1, y2), b.emit<arith::MaximumFOp>(x1, x2)};
}

static Value multiply(ScalarBuilder &b, Value lhs, Value rhs) {
  return b.emit<arith::MulFOp>(lhs, rhs);
}

static Value subtract(ScalarBuilder &b, Value lhs, Value rhs) {
  return b.emit<arith::SubFOp>(lhs, rhs);
}

static Value computeOverlap(ScalarBuilder &b, const Box &one, const Box &two) {
  Value zero = b.constant(b.f32(), 0);
  auto getArea = [&](const Box &box) {
    return multiply(b, subtract(b, box.bottom, box.top), subtract(b, box.right, box.left));
  };
  Value areaOne = getArea(one), areaTwo = getArea(two);
  Value height = subtract(b, b.emit<arith::MinimumFOp>(one.bottom, two.bottom),
                          b.emit<arith::MaximumFOp>(one.top, two.top));
  Value width = subtract(b, b.emit<arith::MinimumFOp>(one.right, two.right),
                         b.emit<arith::MaximumFOp>(one.left, two.left));
  Value common =
      multiply(b, b.emit<arith::MaximumFOp>(height, zero), b.emit<arith::MaximumFOp>(width, zero));
  Value all = subtract(b, b.emit<arith::AddFOp>(areaOne, areaTwo), common);
  Value isFlat = b.emit<arith::OrIOp>(b.compare(arith::CmpFPredicate::OLE, areaOne, zero),
                                      b.compare(arith::CmpFPredicate::OLE, areaTwo, zero));
  Value isNothing = b.emit<arith::OrIOp>(isFlat, b.compare(arith::CmpFPredicate::OEQ, all, zero));
  Value quotient = b.emit<arith::DivFOp>(common, b.select(isNothing, b.constant(b.f32(), 1), all));
  return b.select(isNothing, zero, quotient);
}

//===----------------------------------------------------------------------===//
// NON_MAX_SUPPRESSION_V4, NON_MAX_SUPPRESSION_V5
//===----------------------------------------------------------------------===//

namespace {

/// The operands as values that do not change.
struct Suppression {
  Value boxes, scores;
  Value numBoxes, maxSize; // index
  Value iouThreshold, scoreThreshold;
  Value decay; // -0.5 / sigma, or null where scores stay

  Heap findCandidates(ScalarBuilder &b) const;
  /// Compares a candidate with the boxes that have been selected since it was last taken; gives its
  /// score, or nothing that could be selected.
  std::pair<Value, Value> compare(ScalarBuilder &b, const Candidate &candidate, Value selected,
                                  Value count) const;
  /// The selected boxes, their scores and how many they are.
  SmallVector<Value> select(ScalarBuilder &b, ValueRange results) const;
};

} // namespace

Heap Suppression::findCandidates(ScalarBuilder &b) const {
  Value zero = b.integer(numBoxes.getType(), 0), none = b.integer(b.i32(), 0);
  Heap heap = Heap::create(b.getBuilder(), b.getLoc(), getAsOpFoldResult(numBoxes), zero);
  SmallVector<Value> packed = buildLoops(
      b, numBoxes, heap.pack(), [&](ScalarBuilder &b, ValueRange place, ValueRange carried) {
        Value score = extract(b, scores, place);
        Value isHigh = b.compare(arith::CmpFPredicate::OGT, score, scoreThreshold);
        return buildIf(b, isHigh, carried, [&](ScalarBuilder &b, ValueRange carried) {
          Value number = castFromIndex(b, place[0], b.i32());
          return Heap::unpack(carried).push(b, {number, score, none}).pack();
        });
      });
  return Heap::unpack(packed);
}

std::pair<Value, Value> Suppression::compare(ScalarBuilder &b, const Candidate &candidate,
                                             Value selected, Value count) const {
  Value falsity = b.integer(b.getBuilder().getI1Type(), 0);
  Box box = readBox(b, boxes, candidate.number);
  Value end = castToIndex(b, candidate.compared);
  SmallVector<Value> carried = buildWhile(
      b, {count, candidate.score, falsity, falsity},
      [&](ScalarBuilder &b, ValueRange args) -> Value {
        Value isOver = b.emit<arith::OrIOp>(args[2], args[3]);
        Value isNext = b.compare(arith::CmpIPredicate::ugt, args[0], end);
        return b.select(isOver, falsity, isNext);
      },
      [&](ScalarBuilder &b, ValueRange args) -> SmallVector<Value> {
        Value place = add(b, args[0], -1);
        Value overlap = computeOverlap(b, box, readBox(b, boxes, extract(b, selected, place)));
        Value isGone = b.compare(arith::CmpFPredicate::OGE, overlap, iouThreshold);
        Value score = args[1];
        if (decay) {
          Value weight = b.emit<math::ExpOp>(multiply(b, multiply(b, decay, overlap), overlap));
          score = b.select(isGone, score, multiply(b, score, weight));
        }
        Value isLow = b.compare(arith::CmpFPredicate::OLE, score, scoreThreshold);
        return {place, score, isGone, isLow};
      });
  return {carried[1], carried[2]};
}

SmallVector<Value> Suppression::select(ScalarBuilder &b, ValueRange results) const {
  Heap heap = findCandidates(b);
  Value zero = b.integer(numBoxes.getType(), 0);
  Value limit = b.emit<arith::MinSIOp>(heap.size, maxSize);
  SmallVector<Value> carried = heap.pack();
  carried.append({results[0], results[1], zero});
  carried = buildWhile(
      b, carried,
      [&](ScalarBuilder &b, ValueRange args) -> Value {
        return b.emit<arith::AndIOp>(b.compare(arith::CmpIPredicate::slt, args[6], limit),
                                     b.compare(arith::CmpIPredicate::ne, args[3], zero));
      },
      [&](ScalarBuilder &b, ValueRange args) {
        Heap heap = Heap::unpack(args);
        Candidate candidate = heap.get(b, zero);
        Value original = candidate.score, count = args[6];
        std::pair<Value, Value> compared = compare(b, candidate, args[4], count);
        Value score = compared.first, isGone = compared.second;
        heap = heap.pop(b);
        candidate.score = score;
        candidate.compared = castFromIndex(b, count, b.i32());

        Value falsity = b.integer(b.getBuilder().getI1Type(), 0);
        Value isSelected =
            b.select(isGone, falsity, b.compare(arith::CmpFPredicate::OEQ, score, original));
        SmallVector<Value> selection =
            buildIf(b, isSelected, args.drop_front(4),
                    [&](ScalarBuilder &b, ValueRange values) -> SmallVector<Value> {
                      return {insert(b, candidate.number, values[0], values[2]),
                              insert(b, score, values[1], values[2]), add(b, values[2], 1)};
                    });
        Value isKept =
            b.select(isGone, falsity, b.compare(arith::CmpFPredicate::OGT, score, scoreThreshold));
        SmallVector<Value> next =
            buildIf(b, isKept, heap.pack(), [&](ScalarBuilder &b, ValueRange values) {
              return Heap::unpack(values).push(b, candidate).pack();
            });
        llvm::append_range(next, selection);
        return next;
      });
  return {carried[4], carried[5], carried[6]};
}

/// The element of a scalar operand.
static Value readScalar(ScalarBuilder &b, Value tensor) {
  Value zero = b.integer(b.getBuilder().getIndexType(), 0);
  SmallVector<Value> place(cast<RankedTensorType>(tensor.getType()).getRank(), zero);
  return extract(b, tensor, place);
}

/// A scalar operand, none of whose values are below zero.
static Value readNotNegative(ScalarBuilder &b, Value tensor) {
  tensor = guardElements(b.getBuilder(), b.getLoc(), tensor, tensor, TFLC_INVALID_VALUE,
                         [&](ScalarBuilder &b, ValueRange args) -> Value {
                           Value zero = createZero(b.getBuilder(), b.getLoc(), args[0].getType());
                           if (isa<FloatType>(zero.getType()))
                             return b.compare(arith::CmpFPredicate::OLT, args[0], zero);
                           return b.compare(arith::CmpIPredicate::slt, args[0], zero);
                         });
  return readScalar(b, tensor);
}

namespace {

template <typename Op> struct ConvertSuppression : OpConversionPattern<Op> {
  using OpConversionPattern<Op>::OpConversionPattern;

  LogicalResult matchAndRewrite(Op op, typename Op::Adaptor adaptor,
                                ConversionPatternRewriter &rewriter) const override {
    ScalarBuilder b(rewriter, op.getLoc());
    Type index = rewriter.getIndexType();
    std::optional<int64_t> known = tfl::evaluateInt(op.getMaxOutputSize());
    Value maxSize = known ? b.integer(index, *known)
                          : castToIndex(b, readNotNegative(b, adaptor.getMaxOutputSize()));
    Suppression suppression = {adaptor.getBoxes(),
                               adaptor.getScores(),
                               getSize(b, adaptor.getScores(), 0),
                               maxSize,
                               readScalar(b, adaptor.getIouThreshold()),
                               readScalar(b, adaptor.getScoreThreshold()),
                               getDecay(b, op, adaptor)};
    Value none = b.integer(b.i32(), 0), low = b.constant(b.f32(), 0);
    SmallVector<Value> results = suppression.select(
        b, {createFilled(rewriter, op.getLoc(), getAsOpFoldResult(maxSize), none),
            createFilled(rewriter, op.getLoc(), getAsOpFoldResult(maxSize), low)});
    results.back() =
        tensor::FromElementsOp::create(rewriter, op.getLoc(), RankedTensorType::get({}, b.i32()),
                                       castFromIndex(b, results.back(), b.i32()));
    if (op->getNumResults() == 2)
      results.erase(results.begin() + 1);
    for (auto [result, old] : llvm::zip_equal(results, op->getResults()))
      result = castTo(rewriter, op.getLoc(), result,
                      this->getTypeConverter()->convertType(old.getType()));
    rewriter.replaceOp(op, results);
    return success();
  }

private:
  static Value getDecay(ScalarBuilder &, tfl::NonMaxSuppressionV4Op,
                        tfl::NonMaxSuppressionV4Op::Adaptor) {
    return {};
  }

  static Value getDecay(ScalarBuilder &b, tfl::NonMaxSuppressionV5Op,
                        tfl::NonMaxSuppressionV5Op::Adaptor adaptor) {
    Value sigma = readNotNegative(b, adaptor.getSoftNmsSigma());
    Value zero = b.constant(b.f32(), 0);
    Value isSoft = b.compare(arith::CmpFPredicate::OGT, sigma, zero);
    // Without a sigma the weight of an overlap is exp(0).
    Value decay = b.emit<arith::DivFOp>(b.constant(b.f32(), -0.5),
                                        b.select(isSoft, sigma, b.constant(b.f32(), 1)));
    return b.select(isSoft, decay, zero);
  }
};

} // namespace

void tflc::populateSuppressionPatterns(TFLTypeConverter &converter, RewritePatternSet &patterns) {
  patterns.add<ConvertSuppression<tfl::NonMaxSuppressionV4Op>,
               ConvertSuppression<tfl::NonMaxSuppressionV5Op>>(converter, patterns.getContext());
}

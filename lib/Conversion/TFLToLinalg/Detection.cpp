//===- Detection.cpp - boxes from anchors and their selection -------------===//
//
// Part of tflc, under the Apache License 2.0.
//
// TFLite_Detection_PostProcess: boxes are decoded, then the best ones that overlap little are
// taken, for all classes at once (each box by its best class) or for each class on its own.
//
//===----------------------------------------------------------------------===//

#include "CustomLowerings.h"
#include "DataMovement.h"
#include "Guard.h"
#include "IndexMath.h"
#include "Loops.h"
#include "Utils.h"

#include "mlir/Dialect/Math/IR/Math.h"
#include "mlir/Dialect/Tensor/IR/Tensor.h"

using namespace mlir;
using namespace tflc;

namespace {

/// What the steps of a detection share.
class Detection {
public:
  Detection(ConversionPatternRewriter &rewriter, tfl::CustomOp op, ValueRange operands,
            const tfl::DetectionOptions &options)
      : rewriter(rewriter), op(op), loc(op.getLoc()), options(options), outer(rewriter, loc) {
    boxCodes = operands[0], scoreCodes = operands[1], anchors = operands[2];
    numBoxes = getSize(outer, boxCodes, 1);
    background =
        cast<RankedTensorType>(op.getInputs()[1].getType()).getDimSize(2) - options.numClasses;
  }

  SmallVector<Value> lower();

private:
  Value place(ScalarBuilder &b, int64_t value) {
    return b.integer(b.getBuilder().getIndexType(), value);
  }
  Value readReal(ScalarBuilder &b, Value tensor, Type modelType, ValueRange at);
  void decodeBoxes();
  void dequantizeScores();
  Value computeOverlap(ScalarBuilder &b, Value one, Value two);
  /// Memory of a suppression: the selected boxes and the candidates. It is made once, outside of
  /// all loops.
  SmallVector<Value> createRoom(Value limit);
  SmallVector<Value> suppress(ScalarBuilder &b, Value scores, Value limit, ValueRange room);
  SmallVector<Value> selectFast();
  SmallVector<Value> selectRegular();
  Value fillZeros(ScalarBuilder &b, ArrayRef<int64_t> shape, Type type);
  SmallVector<Value> shapeResults(ValueRange results, Value count);
  Value insertBox(ScalarBuilder &b, Value target, Value row, Value box);

  ConversionPatternRewriter &rewriter;
  tfl::CustomOp op;
  Location loc;
  const tfl::DetectionOptions &options;
  ScalarBuilder outer;
  Value boxCodes, scoreCodes, anchors, numBoxes;
  int64_t background; // 1 where the first score is that of no class
  Value boxes;        // [boxes, 4]: top, left, bottom, right
  Value scores;       // [boxes, classes]
};

} // namespace

/// An element as a real number.
Value Detection::readReal(ScalarBuilder &b, Value tensor, Type modelType, ValueRange at) {
  Value element = extract(b, tensor, at);
  if (isa<FloatType>(element.getType()))
    return element;
  quant::UniformQuantizedType quantized = getUniform(modelType);
  Value wide =
      extendInt(b.getBuilder(), b.getLoc(), element, getElementTypeOrSelf(modelType), b.i32());
  Value real = b.emit<arith::SIToFPOp>(b.f32(), b.add(wide, -quantized.getZeroPoint()));
  return b.emit<arith::MulFOp>(real, b.constant(b.f32(), quantized.getScale()));
}

void Detection::decodeBoxes() {
  Type boxType = op.getInputs()[0].getType(), anchorType = op.getInputs()[2].getType();
  OpFoldResult count = getAsOpFoldResult(numBoxes);
  // A box is a centre and a size relative to those of its anchor.
  boxes = buildElementwise(
      rewriter, loc, {}, {count, rewriter.getIndexAttr(4)}, rewriter.getF32Type(),
      [&](OpBuilder &builder, Location at, ValueRange) -> Value {
        ScalarBuilder b(builder, at);
        Value box = linalg::IndexOp::create(builder, at, 0);
        Value corner = linalg::IndexOp::create(builder, at, 1);
        Value isX = b.compare(arith::CmpIPredicate::ne, b.emit<arith::AndIOp>(corner, place(b, 1)),
                              place(b, 0));
        Value isEnd = b.compare(arith::CmpIPredicate::uge, corner, place(b, 2));
        Value centre = b.select(isX, place(b, 1), place(b, 0));
        Value size = b.select(isX, place(b, 3), place(b, 2));
        auto scale = [&](float y, float x) {
          return b.select(isX, b.constant(b.f32(), x), b.constant(b.f32(), y));
        };
        Value position = readReal(b, boxCodes, boxType, {place(b, 0), box, centre});
        Value extent = readReal(b, boxCodes, boxType, {place(b, 0), box, size});
        Value origin = readReal(b, anchors, anchorType, {box, centre});
        Value unit = readReal(b, anchors, anchorType, {box, size});
        position = b.emit<arith::DivFOp>(position, scale(options.yScale, options.xScale));
        position = b.emit<arith::AddFOp>(b.emit<arith::MulFOp>(position, unit), origin);
        extent = b.emit<arith::DivFOp>(extent, scale(options.heightScale, options.widthScale));
        Value half = b.emit<arith::MulFOp>(
            b.emit<arith::MulFOp>(b.emit<math::ExpOp>(extent), b.constant(b.f32(), 0.5)), unit);
        return b.select(isEnd, b.emit<arith::AddFOp>(position, half),
                        b.emit<arith::SubFOp>(position, half));
      });
  // A box that ends before it begins is rejected.
  Value ordered = buildElementwise(
      rewriter, loc, {}, count, rewriter.getI8Type(),
      [&](OpBuilder &builder, Location at, ValueRange) -> Value {
        ScalarBuilder b(builder, at);
        Value box = linalg::IndexOp::create(builder, at, 0);
        auto isReversed = [&](int64_t from, int64_t to) {
          return b.compare(arith::CmpFPredicate::OGT, extract(b, boxes, {box, place(b, from)}),
                           extract(b, boxes, {box, place(b, to)}));
        };
        return b.storeBool(b.emit<arith::OrIOp>(isReversed(0, 2), isReversed(1, 3)));
      });
  boxes = guardElements(
      rewriter, loc, boxes, ordered, TFLC_INVALID_VALUE, [](ScalarBuilder &b, ValueRange args) {
        return b.compare(arith::CmpIPredicate::ne, args[0], b.integer(args[0].getType(), 0));
      });
}

void Detection::dequantizeScores() {
  Type scoreType = op.getInputs()[1].getType();
  scores = buildElementwise(
      rewriter, loc, {}, {getAsOpFoldResult(numBoxes), rewriter.getIndexAttr(options.numClasses)},
      rewriter.getF32Type(), [&](OpBuilder &builder, Location at, ValueRange) -> Value {
        ScalarBuilder b(builder, at);
        Value box = linalg::IndexOp::create(builder, at, 0);
        Value column = linalg::IndexOp::create(builder, at, 1);
        column = b.emit<arith::AddIOp>(column, place(b, background));
        return readReal(b, scoreCodes, scoreType, {place(b, 0), box, column});
      });
}

/// The area that two boxes have in common over the area that one of them covers.
Value Detection::computeOverlap(ScalarBuilder &b, Value one, Value two) {
  auto read = [&](Value box, int64_t corner) { return extract(b, boxes, {box, place(b, corner)}); };
  auto sub = [&](Value lhs, Value rhs) { return b.emit<arith::SubFOp>(lhs, rhs); };
  auto mul = [&](Value lhs, Value rhs) { return b.emit<arith::MulFOp>(lhs, rhs); };
  Value zero = b.constant(b.f32(), 0);
  auto getArea = [&](Value box) {
    return mul(sub(read(box, 2), read(box, 0)), sub(read(box, 3), read(box, 1)));
  };
  // As std::max and std::min have it: a comparison with NaN gives the first one.
  auto larger = [&](Value lhs, Value rhs) {
    return b.select(b.compare(arith::CmpFPredicate::OLT, lhs, rhs), rhs, lhs);
  };
  auto smaller = [&](Value lhs, Value rhs) {
    return b.select(b.compare(arith::CmpFPredicate::OLT, rhs, lhs), rhs, lhs);
  };
  auto getCommon = [&](int64_t from, int64_t to) -> Value {
    Value start = larger(read(one, from), read(two, from));
    Value end = smaller(read(one, to), read(two, to));
    return larger(sub(end, start), zero);
  };
  Value areaOne = getArea(one), areaTwo = getArea(two);
  Value common = mul(getCommon(0, 2), getCommon(1, 3));
  Value all = sub(b.emit<arith::AddFOp>(areaOne, areaTwo), common);
  Value isFlat = b.emit<arith::OrIOp>(b.compare(arith::CmpFPredicate::OLE, areaOne, zero),
                                      b.compare(arith::CmpFPredicate::OLE, areaTwo, zero));
  Value divisor = b.select(isFlat, b.constant(b.f32(), 1), all);
  return b.select(isFlat, zero, b.emit<arith::DivFOp>(common, divisor));
}

SmallVector<Value> Detection::createRoom(Value limit) {
  return {createEmpty(rewriter, loc, getAsOpFoldResult(limit), rewriter.getI32Type()),
          createEmpty(rewriter, loc, getAsOpFoldResult(numBoxes), rewriter.getI32Type())};
}

/// The boxes with the highest of `scores`, at most `limit` of them, none of which overlaps a better
/// one by much: their numbers, the candidates that are left, and how many are selected. Candidates
/// are a list, which each selected box makes shorter; what is left of it shows the next best one.
SmallVector<Value> Detection::suppress(ScalarBuilder &b, Value scores, Value limit,
                                       ValueRange room) {
  Value zero = place(b, 0), one = place(b, 1), none = b.integer(b.i32(), -1);
  Value threshold = b.constant(b.f32(), options.scoreThreshold);
  // `list`: the numbers of candidates, how many there are, the best one and its score.
  auto append = [&](ScalarBuilder &b, Value box, Value stays, ValueRange list) {
    Value score = extract(b, scores, box), number = castFromIndex(b, box, b.i32());
    Value isFirst = b.compare(arith::CmpIPredicate::slt, list[2], b.integer(b.i32(), 0));
    Value isBetter =
        b.emit<arith::OrIOp>(isFirst, b.compare(arith::CmpFPredicate::OGT, score, list[3]));
    Value isBest = b.emit<arith::AndIOp>(stays, isBetter);
    Value next = b.select(stays, b.emit<arith::AddIOp>(list[1], one), list[1]);
    return SmallVector<Value>{insert(b, number, list[0], list[1]), next,
                              b.select(isBest, number, list[2]), b.select(isBest, score, list[3])};
  };
  SmallVector<Value> list =
      buildLoops(b, numBoxes, {room[1], zero, none, threshold},
                 [&](ScalarBuilder &b, ValueRange at, ValueRange list) {
                   Value isHigh =
                       b.compare(arith::CmpFPredicate::OGE, extract(b, scores, at[0]), threshold);
                   return append(b, at[0], isHigh, list);
                 });
  SmallVector<Value> carried = buildWhile(
      b, {room[0], list[0], list[1], list[2], zero},
      [&](ScalarBuilder &b, ValueRange args) {
        Value isFound = b.compare(arith::CmpIPredicate::sge, args[3], b.integer(b.i32(), 0));
        return b.emit<arith::AndIOp>(b.compare(arith::CmpIPredicate::ult, args[4], limit), isFound);
      },
      [&](ScalarBuilder &b, ValueRange args) -> SmallVector<Value> {
        Value box = castToIndex(b, args[3]);
        // A candidate that stays moves to the front, so that it is read before it is overwritten.
        SmallVector<Value> rest = buildLoops(
            b, args[2], {args[1], zero, none, threshold},
            [&](ScalarBuilder &b, ValueRange at, ValueRange list) {
              Value other = castToIndex(b, extract(b, list[0], at[0]));
              Value isClose = b.compare(arith::CmpFPredicate::OGT, computeOverlap(b, box, other),
                                        b.constant(b.f32(), options.overlapThreshold));
              Value isSame = b.compare(arith::CmpIPredicate::eq, box, other);
              Value isGone = b.emit<arith::OrIOp>(isClose, isSame);
              Value stays = b.emit<arith::XOrIOp>(isGone, b.integer(isGone.getType(), 1));
              return append(b, other, stays, list);
            });
        return {insert(b, args[3], args[0], args[4]), rest[0], rest[1], rest[2],
                b.emit<arith::AddIOp>(args[4], one)};
      });
  return {carried[0], carried[1], carried[4]};
}

Value Detection::fillZeros(ScalarBuilder &b, ArrayRef<int64_t> shape, Type type) {
  return createFilled(b.getBuilder(), b.getLoc(),
                      getAsIndexOpFoldResult(b.getBuilder().getContext(), shape),
                      createZero(b.getBuilder(), b.getLoc(), type));
}

/// Row `row` of `target` as box number `box`.
Value Detection::insertBox(ScalarBuilder &b, Value target, Value row, Value box) {
  for (int64_t corner = 0; corner < 4; ++corner) {
    Value element = extract(b, boxes, {box, place(b, corner)});
    target = insert(b, element, target, {row, place(b, corner)});
  }
  return target;
}

/// Each box competes with its best class; its next best classes stand beside it.
SmallVector<Value> Detection::selectFast() {
  ScalarBuilder &b = outer;
  int64_t perBox = options.maxClassesPerDetection;
  int64_t numRanks = std::min(perBox, options.numClasses);
  Value best = buildElementwise(
      rewriter, loc, {}, getAsOpFoldResult(numBoxes), b.f32(),
      [&](OpBuilder &builder, Location at, ValueRange) -> Value {
        ScalarBuilder b(builder, at);
        Value box = linalg::IndexOp::create(builder, at, 0);
        Value first = extract(b, scores, {box, place(b, 0)});
        return buildLoops(b, place(b, options.numClasses), first,
                          [&](ScalarBuilder &b, ValueRange column, ValueRange args) {
                            Value score = extract(b, scores, {box, column[0]});
                            Value isMore = b.compare(arith::CmpFPredicate::OGT, score, args[0]);
                            return SmallVector<Value>{b.select(isMore, score, args[0])};
                          })[0];
      });
  Value limit = place(b, options.maxDetections);
  SmallVector<Value> selection = suppress(b, best, limit, createRoom(limit));
  int64_t count = options.maxDetections * perBox;
  SmallVector<Value> results = {fillZeros(b, {count, 4}, b.f32()), fillZeros(b, {count}, b.f32()),
                                fillZeros(b, {count}, b.f32()),
                                fillZeros(b, {options.numClasses}, b.i8())};
  Value taken = b.integer(b.i8(), 1);
  results = buildLoops(
      b, selection[2], results, [&](ScalarBuilder &b, ValueRange at, ValueRange carried) {
        Value box = castToIndex(b, extract(b, selection[0], at));
        // No class has been taken.
        Value marks = buildLoops(b, place(b, options.numClasses), carried[3],
                                 [&](ScalarBuilder &b, ValueRange column, ValueRange args) {
                                   return SmallVector<Value>{
                                       insert(b, b.integer(b.i8(), 0), args[0], column)};
                                 })[0];
        SmallVector<Value> rows(carried.take_front(3));
        rows.push_back(marks);
        return buildLoops(
            b, place(b, numRanks), rows,
            [&](ScalarBuilder &b, ValueRange rank, ValueRange args) -> SmallVector<Value> {
              // The best class that has not been taken, the first of equal ones.
              SmallVector<Value> found = buildLoops(
                  b, place(b, options.numClasses), {b.integer(b.i32(), -1), b.constant(b.f32(), 0)},
                  [&](ScalarBuilder &b, ValueRange column, ValueRange best) -> SmallVector<Value> {
                    Value score = extract(b, scores, {box, column[0]});
                    Value isFree =
                        b.compare(arith::CmpIPredicate::ne, extract(b, args[3], column), taken);
                    Value isFirst =
                        b.compare(arith::CmpIPredicate::slt, best[0], b.integer(b.i32(), 0));
                    Value isMore = b.emit<arith::OrIOp>(
                        isFirst, b.compare(arith::CmpFPredicate::OGT, score, best[1]));
                    Value isBest = b.emit<arith::AndIOp>(isFree, isMore);
                    return {b.select(isBest, castFromIndex(b, column[0], b.i32()), best[0]),
                            b.select(isBest, score, best[1])};
                  });
              Value row =
                  b.emit<arith::AddIOp>(b.emit<arith::MulIOp>(at[0], place(b, perBox)), rank[0]);
              Value number = b.emit<arith::SIToFPOp>(b.f32(), found[0]);
              return {insertBox(b, args[0], row, box), insert(b, number, args[1], row),
                      insert(b, found[1], args[2], row),
                      insert(b, taken, args[3], castToIndex(b, found[0]))};
            });
      });
  return shapeResults(results, selection[2]);
}

/// Each class selects boxes; of all selected pairs of box and class those with the highest scores
/// remain, in order.
SmallVector<Value> Detection::selectRegular() {
  ScalarBuilder &b = outer;
  int64_t count = options.maxDetections * options.maxClassesPerDetection;
  Value zero = place(b, 0), one = place(b, 1), limit = place(b, options.maxDetections);
  SmallVector<Value> results = {fillZeros(b, {count, 4}, b.f32()), fillZeros(b, {count}, b.f32()),
                                fillZeros(b, {count}, b.f32()), zero};
  Value perClass = place(b, options.detectionsPerClass);
  llvm::append_range(results, createRoom(perClass));
  results.push_back(createEmpty(rewriter, loc, getAsOpFoldResult(numBoxes), b.f32()));
  results = buildLoops(
      b, place(b, options.numClasses), results,
      [&](ScalarBuilder &b, ValueRange column, ValueRange carried) {
        Value classScores = buildLoops(b, numBoxes, carried[6],
                                       [&](ScalarBuilder &b, ValueRange at, ValueRange args) {
                                         Value score = extract(b, scores, {at[0], column[0]});
                                         return SmallVector<Value>{insert(b, score, args[0], at)};
                                       })[0];
        SmallVector<Value> selection = suppress(b, classScores, perClass, carried.slice(4, 2));
        Value number = b.emit<arith::SIToFPOp>(b.f32(), castFromIndex(b, column[0], b.i32()));
        SmallVector<Value> next = buildLoops(
            b, selection[2], carried.take_front(4),
            [&](ScalarBuilder &b, ValueRange at, ValueRange args) -> SmallVector<Value> {
              Value box = castToIndex(b, extract(b, selection[0], at));
              Value score = extract(b, classScores, box);
              // From the end, lower scores move down by one; the last of a full list goes.
              Value isFull = b.compare(arith::CmpIPredicate::uge, args[3], limit);
              Value end = b.select(isFull, place(b, options.maxDetections - 1), args[3]);
              Value isBetter =
                  b.compare(arith::CmpFPredicate::OGT, score, extract(b, args[2], end));
              Value isWanted = b.select(isFull, isBetter, b.integer(isFull.getType(), 1));
              return buildIf(b, isWanted, args, [&](ScalarBuilder &b, ValueRange args) {
                SmallVector<Value> moved = buildWhile(
                    b, {args[0], args[1], args[2], end},
                    [&](ScalarBuilder &b, ValueRange row) -> Value {
                      Value isInside = b.compare(arith::CmpIPredicate::ne, row[3], zero);
                      Value before = b.select(isInside, b.emit<arith::SubIOp>(row[3], one), zero);
                      Value isLess =
                          b.compare(arith::CmpFPredicate::OLT, extract(b, row[2], before), score);
                      return b.emit<arith::AndIOp>(isInside, isLess);
                    },
                    [&](ScalarBuilder &b, ValueRange row) -> SmallVector<Value> {
                      Value before = b.emit<arith::SubIOp>(row[3], one);
                      Value target = row[0];
                      for (int64_t corner = 0; corner < 4; ++corner) {
                        Value element = extract(b, target, {before, place(b, corner)});
                        target = insert(b, element, target, {row[3], place(b, corner)});
                      }
                      Value kind = extract(b, row[1], before), old = extract(b, row[2], before);
                      return {target, insert(b, kind, row[1], row[3]),
                              insert(b, old, row[2], row[3]), before};
                    });
                Value more = b.select(isFull, args[3], b.emit<arith::AddIOp>(args[3], one));
                return SmallVector<Value>{insertBox(b, moved[0], moved[3], box),
                                          insert(b, number, moved[1], moved[3]),
                                          insert(b, score, moved[2], moved[3]), more};
              });
            });
        next.append({selection[0], selection[1], classScores});
        return next;
      });
  return shapeResults(results, results[3]);
}

/// The four results with the batch in front.
SmallVector<Value> Detection::shapeResults(ValueRange results, Value count) {
  int64_t size = options.maxDetections * options.maxClassesPerDetection;
  Value number = outer.emit<arith::SIToFPOp>(outer.f32(), castFromIndex(outer, count, outer.i32()));
  return {reshapeTo(rewriter, loc, results[0], {1, size, 4}),
          reshapeTo(rewriter, loc, results[1], {1, size}),
          reshapeTo(rewriter, loc, results[2], {1, size}),
          tensor::FromElementsOp::create(rewriter, loc, number)};
}

SmallVector<Value> Detection::lower() {
  decodeBoxes();
  dequantizeScores();
  return options.usesRegularSuppression ? selectRegular() : selectFast();
}

FailureOr<SmallVector<Value>>
tflc::lowerDetectionPostProcess(ConversionPatternRewriter &rewriter, tfl::CustomOp op,
                                ValueRange operands, const tfl::DetectionOptions &options) {
  if (options.maxDetections == 0)
    return failure();
  return Detection(rewriter, op, operands, options).lower();
}

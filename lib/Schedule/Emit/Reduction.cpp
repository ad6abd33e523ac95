//===- Reduction.cpp - vectors along a sum --------------------------------===//
//
// Part of tflc, under the Apache License 2.0.
//
// Lanes hold parts of one sum, or of a maximum, and are joined at the end. Several such vectors are
// in flight, parts of one sum, which are joined before, or those of several rows. Where an
// instruction multiplies bytes, four neighbours join each lane.
//
//===----------------------------------------------------------------------===//

#include "Forms.h"

#include "Schedule/Nest/ByteSums.h"

#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/Vector/IR/VectorOps.h"
#include "llvm/ADT/TypeSwitch.h"

using namespace mlir;
using namespace tflc;

namespace {
class ReductionEmitter final : public KernelEmitter {
public:
  explicit ReductionEmitter(const KernelTask &task)
      : KernelEmitter(task), split(strategy.as<Reduction>()->split),
        bytes(findByteSum(nest, strategy.vectorDim, target)) {}

private:
  SmallVector<Piece> piecesOfVector(int64_t, int64_t) const override { return {{0, 1, 1}}; }
  Values startSums(ArrayRef<Value> initial, ArrayRef<Point> points) override;
  Values finishSums(ArrayRef<Point> points, ArrayRef<Value> initial, Values sums) override;
  int64_t stepAlong(unsigned dim) const override {
    return dim == strategy.vectorDim ? elementsOfStep() : 1;
  }
  void addSteps(const Position &position, ArrayRef<int64_t> extents, ArrayRef<Step> steps,
                ArrayRef<Point> points, Values &sums) override;

  unsigned elementsOfStep() const { return strategy.lanes * (bytes ? ByteSum::bytesInLane : 1); }
  Value combine(Value lhs, Value rhs);
  Value joinLanes(Values sums);
  Value addBytes(const Position &position, const Point &point, Value sum);

  unsigned split;
  std::optional<ByteSum> bytes; ///< none where elements are multiplied one by one
};
} // namespace

/// What changes no element that `combiner` joins with it. Of maxnumf and minnumf MLIR says NaN, for
/// which LLVM compares vectors of MVE wrongly; an infinity does as well, since the initial value
/// joins at the end.
static TypedAttr getIdentity(Operation *combiner) {
  if (!isa<arith::MaxNumFOp, arith::MinNumFOp>(combiner))
    return *arith::getNeutralElement(combiner);
  auto type = cast<FloatType>(combiner->getResult(0).getType());
  bool isLargest = isa<arith::MaxNumFOp>(combiner);
  return FloatAttr::get(type, APFloat::getInf(type.getFloatSemantics(), /*Negative=*/isLargest));
}

/// The identity of the sum in every lane; the initial value joins at the end.
KernelEmitter::Values ReductionEmitter::startSums(ArrayRef<Value>, ArrayRef<Point> points) {
  Value identity = arith::ConstantOp::create(b, getIdentity(matchCombiner(nest.reduction->body())));
  return Values(points.size() * split, vectorize(identity, strategy.lanes));
}

void ReductionEmitter::addSteps(const Position &position, ArrayRef<int64_t> extents,
                                ArrayRef<Step> steps, ArrayRef<Point> points, Values &sums) {
  unsigned along = strategy.vectorDim, lanes = elementsOfStep();
  for (auto [number, step] : llvm::enumerate(steps)) {
    auto part = MutableArrayRef(sums).slice(number % split * points.size(), points.size());
    unsigned valid = std::min<int64_t>(lanes, extents[along] - step[along]);
    for (auto [sum, point] : llvm::zip_equal(part, points)) {
      Point at = point.movedBy(step);
      at.piece = {step[along], lanes, valid};
      if (bytes) {
        sum = addBytes(position, at, sum);
        continue;
      }
      Value next = evaluate(*nest.reduction, position, at, sum);
      if (valid < lanes)
        next = arith::SelectOp::create(b, validLanes(at.piece), next, sum);
      sum = next;
    }
  }
}

/// Bytes behind the last one are loaded as zeros, which add nothing.
Value ReductionEmitter::addBytes(const Position &position, const Point &point, Value sum) {
  ArrayRef<LinearAccess> inputs = nest.reduction->inputs;
  Value first = load(inputs[bytes->first], position, point);
  Value second = load(inputs[1 - bytes->first], position, point);
  return tflrt::DotOp::create(b, sum, first, second, bytes->isUnsigned);
}

/// The reduction across lanes that does what `combiner`, one of those that matchCombiner accepts,
/// does with two values.
static vector::CombiningKind combiningKind(Operation *combiner) {
  using vector::CombiningKind;
  return llvm::TypeSwitch<Operation *, CombiningKind>(combiner)
      .Case<arith::AddIOp, arith::AddFOp>([](auto) { return CombiningKind::ADD; })
      .Case<arith::MaxSIOp>([](auto) { return CombiningKind::MAXSI; })
      .Case<arith::MaxUIOp>([](auto) { return CombiningKind::MAXUI; })
      .Case<arith::MinSIOp>([](auto) { return CombiningKind::MINSI; })
      .Case<arith::MinUIOp>([](auto) { return CombiningKind::MINUI; })
      .Case<arith::MaximumFOp>([](auto) { return CombiningKind::MAXIMUMF; })
      .Case<arith::MinimumFOp>([](auto) { return CombiningKind::MINIMUMF; })
      .Case<arith::MaxNumFOp>([](auto) { return CombiningKind::MAXNUMF; })
      .Case<arith::MinNumFOp>([](auto) { return CombiningKind::MINNUMF; });
}

Value ReductionEmitter::combine(Value lhs, Value rhs) {
  Operation *op = b.clone(*matchCombiner(nest.reduction->body()));
  op->setOperands({lhs, rhs});
  op->getResult(0).setType(lhs.getType());
  return op->getResult(0);
}

/// Joins the lanes of a power of two of vectors, not more than they have lanes, so that lane i of
/// the result is the sum of vector i. Two vectors become one of half as many parts of each sum:
///
///   a0 a1 a2 a3       a0+a1  b0+b1  a2+a3  b2+b3
///   b0 b1 b2 b3  ──►                              ──►  a  b  ..
///
Value ReductionEmitter::joinLanes(Values sums) {
  int64_t lanes = strategy.lanes, distance = 1;
  auto shuffle = [&](Value lhs, Value rhs, llvm::function_ref<int64_t(int64_t)> place) {
    return vector::ShuffleOp::create(b, lhs, rhs,
                                     llvm::map_to_vector(llvm::seq<int64_t>(0, lanes), place))
        .getResult();
  };
  for (; sums.size() > 1; distance *= 2) {
    Values next;
    for (size_t i = 0; i < sums.size(); i += 2) {
      Value low = shuffle(sums[i], sums[i + 1], [&](int64_t lane) {
        return lane & distance ? lanes + lane - distance : lane;
      });
      Value high = shuffle(sums[i], sums[i + 1], [&](int64_t lane) {
        return lane & distance ? lanes + lane : lane + distance;
      });
      next.push_back(combine(low, high));
    }
    sums = std::move(next);
  }
  for (Value sum = sums[0]; distance < lanes; distance *= 2) {
    Value moved = shuffle(sum, sum, [&](int64_t lane) { return (lane + distance) % lanes; });
    sum = sums[0] = combine(sum, moved);
  }
  return sums[0];
}

KernelEmitter::Values ReductionEmitter::finishSums(ArrayRef<Point> points, ArrayRef<Value> initial,
                                                   Values sums) {
  for (unsigned part = 1; part < split; ++part)
    for (size_t i = 0; i < points.size(); ++i)
      sums[i] = combine(sums[i], sums[part * points.size() + i]);
  sums.truncate(points.size());
  vector::CombiningKind kind = combiningKind(matchCombiner(nest.reduction->body()));
  Values results;
  for (ArrayRef<Value> rest = sums; !rest.empty();) {
    size_t count = llvm::bit_floor(std::min<size_t>(rest.size(), strategy.lanes));
    Value joined = count > 1 ? joinLanes(Values(rest.take_front(count))) : Value();
    for (size_t i = 0; i < count; ++i) {
      Value sum = rest[i];
      if (joined)
        sum = vector::ExtractOp::create(b, joined, i);
      else if (strategy.lanes > 1)
        sum = vector::ReductionOp::create(b, kind, sum, arith::FastMathFlags::reassoc);
      results.push_back(combine(initial[results.size()], sum));
    }
    rest = rest.drop_front(count);
  }
  return results;
}

std::unique_ptr<KernelEmitter> tflc::makeReduction(const KernelTask &task) {
  return std::make_unique<ReductionEmitter>(task);
}

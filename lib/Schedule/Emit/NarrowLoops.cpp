//===- NarrowLoops.cpp - bytes in 16 bits ---------------------------------===//
//
// Part of tflc, under the Apache License 2.0.
//
// Bytes are multiplied in 16 bits, and two products of signed bytes are added there, which the
// choice has checked to fit. Such words join a sum of 32 bits one by one (sign extension). Bytes
// that are not multiplied, those of a mean, are added in 16 bits, up to 256 of them.
//
//===----------------------------------------------------------------------===//

#include "NarrowLoops.h"

#include "mlir/Dialect/Arith/IR/Arith.h"

using namespace mlir;
using namespace tflc;

NarrowLoopsEmitter::NarrowLoopsEmitter(const KernelTask &task)
    : KernelEmitter(task), addedByte(matchAddedByte(nest.reduction->body())) {}

Value NarrowLoopsEmitter::extend(Type type, Value value) {
  if (addedByte && addedByte->isUnsigned)
    return arith::ExtUIOp::create(b, type, value);
  return arith::ExtSIOp::create(b, type, value);
}

bool NarrowLoopsEmitter::isUnsigned(const LinearAccess &input) const {
  if (addedByte)
    return addedByte->isUnsigned;
  return matchContraction(nest.reduction->body())
      ->isUnsigned(&input - nest.reduction->inputs.data());
}

Value NarrowLoopsEmitter::loadWords(const LinearAccess &input, const Position &position,
                                    const Point &point) {
  Type words = vectorType(b.getI16Type(), point.piece.lanes);
  Value bytes = vectorize(load(input, position, point), point.piece.lanes);
  if (isUnsigned(input))
    return arith::ExtUIOp::create(b, words, bytes);
  return arith::ExtSIOp::create(b, words, bytes);
}

void NarrowLoopsEmitter::addSteps(const Position &position, ArrayRef<int64_t>, ArrayRef<Step> steps,
                                  ArrayRef<Point> points, Values &sums) {
  bool hasUnsigned = llvm::any_of(nest.reduction->inputs, [&](auto &in) { return isUnsigned(in); });
  for (size_t most = addedByte     ? bytesInWord
                     : hasUnsigned ? 1
                                   : 2;
       !steps.empty(); steps = steps.drop_front(std::min(most, steps.size())))
    for (auto [sum, point] : llvm::zip_equal(sums, points)) {
      Value word = addInWords(position, steps.take_front(most), point);
      sum = addWord(sum, word);
    }
}

Value NarrowLoopsEmitter::addWord(Value sum, Value word) {
  return arith::AddIOp::create(b, sum, extend(sum.getType(), word));
}

/// The sum of all steps, in 16 bits.
Value NarrowLoopsEmitter::addInWords(const Position &position, ArrayRef<Step> steps,
                                     const Point &point) {
  ArrayRef<LinearAccess> inputs = nest.reduction->inputs;
  if (addedByte)
    inputs = inputs.slice(addedByte->input, 1);
  Value word;
  for (const Step &step : steps) {
    Point at = point.movedBy(step);
    Value value; // of this step: a byte, or the product of two
    for (const LinearAccess &input : inputs) {
      Value factor = loadWords(input, position, at);
      value = value ? arith::MulIOp::create(b, value, factor).getResult() : factor;
    }
    word = word ? arith::AddIOp::create(b, word, value).getResult() : value;
  }
  return word;
}

std::unique_ptr<KernelEmitter> tflc::makeNarrowLoops(const KernelTask &task) {
  if (task.target.instructions.dot->addsWordPairs() && !matchAddedByte(task.nest.reduction->body()))
    return makeTapPairs(task);
  if (task.target.instructions.extendsAlternateLanes)
    return makeAlternateLanes(task);
  return std::make_unique<NarrowLoopsEmitter>(task);
}

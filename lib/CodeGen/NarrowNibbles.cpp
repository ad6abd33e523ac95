//===- NarrowNibbles.cpp - small integers, two to a byte ------------------===//
//
// Part of tflc, under the Apache License 2.0.
//
// Weights of int4 are int8 to all passes before this one, and words of 16 bits where a form wants
// them so. The values of all vectors of one length lie in blocks of as many elements: byte j of a
// block holds element j in its low half, and in its high half the element that is half a block
// behind it. A vector is then two operations on all bytes of its block, one behind the other. All
// values are stored as value + 8, so that both halves are unsigned.
//
//===----------------------------------------------------------------------===//

#include "NarrowForms.h"

#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/Vector/IR/VectorOps.h"
#include "llvm/Support/MathExtras.h"

#include <numeric>

using namespace mlir;
using namespace tflc;

namespace {

constexpr int64_t bias = 8;

class Nibbles : public NarrowForm {
public:
  Nibbles(DenseElementsAttr stored, int64_t block, const TargetInfo &target)
      : stored(stored), block(block), target(target) {}

  DenseElementsAttr getStored() const override { return stored; }
  Value load(ImplicitLocOpBuilder &b, Value buffer, Value index, Type type) const override;
  int64_t countInstructions(Type type) const override {
    return 4 * countRegisters(type, target) + (isa<VectorType>(type) ? 0 : 2);
  }

private:
  Value loadElement(ImplicitLocOpBuilder &b, Value buffer, Value index) const;
  Value loadBlocks(ImplicitLocOpBuilder &b, Value buffer, Value index, VectorType type) const;
  Value loadWord(ImplicitLocOpBuilder &b, Value buffer, Value index) const;

  DenseElementsAttr stored;
  int64_t block; ///< elements, a power of two
  const TargetInfo &target;
};

} // namespace

static Value number(ImplicitLocOpBuilder &b, Type type, int64_t value) {
  return makeConstant(b, type, b.getIntegerAttr(getElementTypeOrSelf(type), value));
}

/// The unsigned nibble of any element.
Value Nibbles::loadElement(ImplicitLocOpBuilder &b, Value buffer, Value index) const {
  auto constant = [&](int64_t value) -> Value { return arith::ConstantIndexOp::create(b, value); };
  int64_t half = block / 2;
  Value at, shift;
  if (std::optional<int64_t> known = getKnownRest(index, block)) {
    Value start = b.createOrFold<arith::SubIOp>(index, constant(*known));
    at = b.createOrFold<arith::AddIOp>(b.createOrFold<arith::DivUIOp>(start, constant(2)),
                                       constant(*known % half));
    shift = number(b, b.getI32Type(), *known / half * 4);
  } else {
    Value rest = arith::AndIOp::create(b, index, constant(block - 1));
    Value start = arith::ShRUIOp::create(b, arith::SubIOp::create(b, index, rest), constant(1));
    at = arith::AddIOp::create(b, start, arith::AndIOp::create(b, rest, constant(half - 1)));
    Value part = arith::ShRUIOp::create(b, rest, constant(llvm::Log2_64(half)));
    Value bits = arith::ShLIOp::create(b, part, constant(2));
    shift = arith::IndexCastOp::create(b, b.getI32Type(), bits);
  }
  Value byte = arith::ExtUIOp::create(b, b.getI32Type(), loadPlain(b, buffer, at, b.getI8Type()));
  return arith::AndIOp::create(b, arith::ShRUIOp::create(b, byte, shift),
                               number(b, b.getI32Type(), 15));
}

/// Whole blocks, as unsigned bytes.
Value Nibbles::loadBlocks(ImplicitLocOpBuilder &b, Value buffer, Value index,
                          VectorType type) const {
  int64_t bytes = type.getNumElements() / 2, half = block / 2;
  auto packed = VectorType::get(bytes, b.getI8Type());
  Value both = loadPlain(b, buffer, divideExactly(b, b.getLoc(), index, 2), packed);
  Value low = arith::AndIOp::create(b, both, number(b, packed, 15));
  Value high = arith::ShRUIOp::create(b, both, number(b, packed, 4));
  SmallVector<int64_t> order;
  for (int64_t start = 0; start < bytes; start += half)
    for (int64_t part : {start, bytes + start})
      for (int64_t i = 0; i < half; ++i)
        order.push_back(part + i);
  return vector::ShuffleOp::create(b, low, high, order);
}

/// A block of four in one general register: bytes 0 and 1 hold elements 0 and 2, 1 and 3.
Value Nibbles::loadWord(ImplicitLocOpBuilder &b, Value buffer, Value index) const {
  Type word = b.getI32Type();
  Value start = divideExactly(b, b.getLoc(), index, 2);
  auto byteAt = [&](int64_t i) -> Value {
    Value at =
        b.createOrFold<arith::AddIOp>(start, arith::ConstantIndexOp::create(b, i).getResult());
    return arith::ExtUIOp::create(b, word, loadPlain(b, buffer, at, b.getI8Type()));
  };
  Value both =
      arith::OrIOp::create(b, byteAt(0), arith::ShLIOp::create(b, byteAt(1), number(b, word, 8)));
  Value low = arith::AndIOp::create(b, both, number(b, word, 0x0f0f));
  Value high = arith::ShLIOp::create(b, arith::AndIOp::create(b, both, number(b, word, 0xf0f0)),
                                     number(b, word, 12));
  Value biased = arith::OrIOp::create(b, low, high);
  // No byte borrows from the next: each is 128 or more while 8 is taken away.
  Value raised = arith::OrIOp::create(b, biased, number(b, word, int32_t(0x80808080)));
  Value lowered = arith::SubIOp::create(b, raised, number(b, word, 0x08080808));
  Value bytes = arith::XOrIOp::create(b, lowered, number(b, word, int32_t(0x80808080)));
  return vector::BitCastOp::create(b, VectorType::get(4, b.getI8Type()),
                                   vector::BroadcastOp::create(b, VectorType::get(1, word), bytes));
}

Value Nibbles::load(ImplicitLocOpBuilder &b, Value buffer, Value index, Type type) const {
  Type element = getElementTypeOrSelf(type);
  auto vector = dyn_cast<VectorType>(type);
  if (!vector) {
    Value value =
        arith::SubIOp::create(b, loadElement(b, buffer, index), number(b, b.getI32Type(), bias));
    return arith::TruncIOp::create(b, element, value);
  }
  bool isAligned = vector.getNumElements() % block == 0 && getKnownDivisor(index) % block == 0;
  Value bytes;
  if (isAligned && target.vectorBits == 0 && vector.getNumElements() == 4 && block == 4) {
    bytes = loadWord(b, buffer, index);
  } else {
    Type byte = b.getI8Type();
    Value unsignedBytes;
    if (isAligned) {
      unsignedBytes = loadBlocks(b, buffer, index, vector);
    } else {
      SmallVector<Value> elements;
      for (int64_t i = 0; i < vector.getNumElements(); ++i) {
        Value at =
            b.createOrFold<arith::AddIOp>(index, arith::ConstantIndexOp::create(b, i).getResult());
        elements.push_back(arith::TruncIOp::create(b, byte, loadElement(b, buffer, at)));
      }
      unsignedBytes = vector::FromElementsOp::create(b, vector.clone(byte), elements);
    }
    bytes = arith::SubIOp::create(b, unsignedBytes, number(b, vector.clone(byte), bias));
  }
  return element.isInteger(8) ? bytes : arith::ExtSIOp::create(b, type, bytes).getResult();
}

/// The elements of a block: those of the shortest vector, if every vector begins with one. A
/// vector that does not is put together from single elements, so it has to be short; 0 if none.
static int64_t chooseBlock(const ConstantReads &reads) {
  constexpr int64_t longest = 8;
  int64_t common = 0;
  bool hasOddVectors = false;
  for (Operation *load : reads.loads) {
    auto type = dyn_cast<VectorType>(load->getResult(0).getType());
    if (!type)
      continue;
    OpBuilder builder(load);
    Value index = createElementIndex(builder, load);
    int64_t divisor = std::gcd(type.getNumElements(), getKnownDivisor(index));
    if (divisor % 2 == 0)
      common = std::gcd(common, divisor);
    else if (type.getNumElements() <= longest)
      hasOddVectors = true;
    else
      return 0;
  }
  if (hasOddVectors || common == 0)
    return 2;
  return common & -common;
}

std::unique_ptr<NarrowForm> tflc::makeNibbles(DenseElementsAttr values, const ConstantReads &reads,
                                              const TargetInfo &target) {
  Type element = values.getElementType();
  if (!element.isInteger(8) && !element.isInteger(16))
    return nullptr;
  SmallVector<uint8_t> nibbles;
  nibbles.reserve(values.getNumElements());
  for (const APInt &value : values.getValues<APInt>()) {
    int64_t number = value.getSExtValue();
    if (number < -bias || number >= bias)
      return nullptr;
    nibbles.push_back(number + bias);
  }
  int64_t block = chooseBlock(reads);
  if (block == 0)
    return nullptr;
  nibbles.resize(llvm::alignTo(nibbles.size(), block));
  SmallVector<uint8_t> bytes;
  for (size_t start = 0; start < nibbles.size(); start += block)
    for (int64_t i = 0; i < block / 2; ++i)
      bytes.push_back(nibbles[start + i] | nibbles[start + block / 2 + i] << 4);
  auto type = RankedTensorType::get({static_cast<int64_t>(bytes.size())},
                                    IntegerType::get(values.getContext(), 8));
  auto stored = DenseElementsAttr::getFromRawBuffer(
      type, ArrayRef(reinterpret_cast<const char *>(bytes.data()), bytes.size()));
  return std::make_unique<Nibbles>(stored, block, target);
}

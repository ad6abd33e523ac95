//===- X86.cpp - instructions of x86 --------------------------------------===//
//
// Part of tflc, under the Apache License 2.0.
//
// Names without "avx512" take the lower lanes of AVX2 and SSE registers, too.
//
//===----------------------------------------------------------------------===//

#include "Instructions.h"
#include "X86Tiles.h"

#include "mlir/Dialect/LLVMIR/LLVMDialect.h"
#include "mlir/Dialect/Math/IR/Math.h"
#include "mlir/Dialect/Vector/IR/VectorOps.h"

using namespace mlir;
using namespace tflc;
using tflrt::DotOp;

namespace {

class X86Instructions : public Instructions {
public:
  using Instructions::Instructions;

  Value dot(Builder &b, DotOp op) const override;
  bool emitTileOp(Builder &b, Operation *op, ConstantPool &pool) const override {
    return target.instructions.hasTileProducts && emitTileOpOnX86(b, op, pool);
  }
  Value requestTiles(Builder &b) const override { return requestTilesOfLinux(b); }
  unsigned lookupLanes(int64_t total) const override;
  Value lookUp(Builder &b, ArrayRef<int8_t> table, Value indices) const override;
  Value multiplyWords(Builder &b, Operation *op) const override;
  bool multipliesEvenLanes() const override { return target.pointerBits == 64; }
  Value narrow(Builder &b, const Narrowing &narrowing) const override;
  Value nearestInteger(Builder &b, arith::FPToSIOp op, bool isIntegral) const override;

private:
  bool has(DotInstruction instruction) const {
    return target.instructions.dot->instruction == instruction;
  }
  Value multiplyBytes(Builder &b, DotOp op) const;
  Value multiplyBytesAsWords(Builder &b, DotOp op) const;
  Value packBytes(Builder &b, const Narrowing &narrowing, int64_t start, bool isSigned) const;
};

} // namespace

//===----------------------------------------------------------------------===//
// Dot products
//===----------------------------------------------------------------------===//

/// The name of an instruction for vectors of 128, 256 and 512 bits; empty for other sizes.
static StringRef bySize(VectorType type, StringRef of128, StringRef of256, StringRef of512) {
  switch (type.getNumElements() * type.getElementTypeBitWidth()) {
  case 128:
    return of128;
  case 256:
    return of256;
  case 512:
    return of512;
  default:
    return "";
  }
}

/// VPMADDWD: two products of words in each lane.
static StringRef wordPairs(VectorType type) {
  return bySize(type, "llvm.x86.sse2.pmadd.wd", "llvm.x86.avx2.pmadd.wd",
                "llvm.x86.avx512.pmaddw.d.512");
}

Value X86Instructions::dot(Builder &b, DotOp op) const {
  auto type = dyn_cast<VectorType>(op.getResult().getType());
  if (!type)
    return nullptr;
  auto factors = cast<VectorType>(op.getLhs().getType());
  int64_t group = factors.getNumElements() / type.getNumElements();
  if (factors.getElementType().isInteger(8))
    return group == 4 ? multiplyBytes(b, op) : nullptr;
  StringRef name = wordPairs(type);
  if (group != 2 || !target.instructions.dot->addsWordPairs() || name.empty())
    return nullptr;
  return arith::AddIOp::create(b, op.getAcc(), call(b, name, type, {op.getLhs(), op.getRhs()}));
}

/// Four bytes by four signed bytes in each lane: VPDPBUSD, or with AVX-VNNI-INT8 VPDPBSSD and,
/// whose first factor is the signed one, VPDPBSUD.
Value X86Instructions::multiplyBytes(Builder &b, DotOp op) const {
  if (has(DotInstruction::Maddwd) && op.getLhsUnsigned())
    return multiplyBytesAsWords(b, op);
  if (target.instructions.dot->bytesInLane(op.getLhsUnsigned()) != 4)
    return nullptr;
  auto type = cast<VectorType>(op.getResult().getType());
  Value lhs = op.getLhs(), rhs = op.getRhs();
  StringRef name;
  if (!has(DotInstruction::AVXVNNIINT8)) {
    StringRef of512 = has(DotInstruction::VNNI512) ? "llvm.x86.avx512.vpdpbusd.512" : "";
    name = bySize(type, "llvm.x86.avx512.vpdpbusd.128", "llvm.x86.avx512.vpdpbusd.256", of512);
  } else if (op.getLhsUnsigned()) {
    name = bySize(type, "llvm.x86.avx2.vpdpbsud.128", "llvm.x86.avx2.vpdpbsud.256", "");
    std::swap(lhs, rhs);
  } else {
    name = bySize(type, "llvm.x86.avx2.vpdpbssd.128", "llvm.x86.avx2.vpdpbssd.256", "");
  }
  return name.empty() ? Value() : call(b, name, type, {op.getAcc(), lhs, rhs});
}

/// The same without VPDPBUSD: VPMADDUBSW where no sum of two products saturates, otherwise the
/// bytes at even and at odd places as words.
Value X86Instructions::multiplyBytesAsWords(Builder &b, DotOp op) const {
  auto type = cast<VectorType>(op.getResult().getType());
  StringRef multiplyWords = wordPairs(type);
  if (multiplyWords.empty())
    return nullptr;
  auto words = VectorType::get(2 * type.getNumElements(), b.getI16Type());
  if (op.getSmallPairs() && target.instructions.hasBytePairs) {
    StringRef multiplyBytes = bySize(type, "llvm.x86.ssse3.pmadd.ub.sw.128",
                                     "llvm.x86.avx2.pmadd.ub.sw", "llvm.x86.avx512.pmaddubs.w.512");
    Value pairs = call(b, multiplyBytes, words, {op.getLhs(), op.getRhs()});
    return arith::AddIOp::create(b, op.getAcc(),
                                 call(b, multiplyWords, type, {pairs, splat(b, words, 1)}));
  }
  Value lhs = vector::BitCastOp::create(b, words, op.getLhs());
  Value rhs = vector::BitCastOp::create(b, words, op.getRhs()), byte = splat(b, words, 8);
  Value even =
      call(b, multiplyWords, type,
           {arith::AndIOp::create(b, lhs, splat(b, words, 0xff)),
            arith::ShRSIOp::create(b, arith::ShLIOp::create(b, rhs, byte).getResult(), byte)});
  Value odd = call(b, multiplyWords, type,
                   {arith::ShRUIOp::create(b, lhs, byte), arith::ShRSIOp::create(b, rhs, byte)});
  return arith::AddIOp::create(b, arith::AddIOp::create(b, op.getAcc(), even), odd);
}

/// VPMULHRSW and VPSIGNW. Four words are multiplied as the lower half of eight.
Value X86Instructions::multiplyWords(Builder &b, Operation *op) const {
  auto type = dyn_cast<VectorType>(op->getResult(0).getType());
  if (!type || !target.instructions.multipliesWordsHigh())
    return nullptr;
  if (isa<tflrt::MultiplyHighOp>(op) && type.getNumElements() == 4) {
    constexpr int64_t any = vector::ShuffleOp::kPoisonIndex;
    SmallVector<int64_t> eight = {0, 1, 2, 3, any, any, any, any};
    auto widen = [&](Value half) -> Value {
      return vector::ShuffleOp::create(b, half, half, eight);
    };
    Value lhs = widen(op->getOperand(0)), rhs = widen(op->getOperand(1));
    return slice(b, call(b, "llvm.x86.ssse3.pmul.hr.sw.128", lhs.getType(), {lhs, rhs}), 0, 4);
  }
  // A vector of several registers.
  if (type.getNumElements() * type.getElementTypeBitWidth() > target.vectorBits)
    return multiplyHighInEights(b, op, "llvm.x86.ssse3.pmul.hr.sw.128");
  StringRef name = isa<tflrt::MultiplySignOp>(op)
                       ? bySize(type, "llvm.x86.ssse3.psign.w.128", "llvm.x86.avx2.psign.w", "")
                       : bySize(type, "llvm.x86.ssse3.pmul.hr.sw.128", "llvm.x86.avx2.pmul.hr.sw",
                                "llvm.x86.avx512.pmul.hr.sw.512");
  return name.empty() ? Value() : call(b, name, type, op->getOperands());
}

//===----------------------------------------------------------------------===//
// Look-ups
//===----------------------------------------------------------------------===//

namespace {
/// Looks up one vector of bytes.
class TableOnX86 {
public:
  using Call = llvm::function_ref<Value(StringRef name, ValueRange operands)>;
  TableOnX86(ImplicitLocOpBuilder &b, ArrayRef<int8_t> table, Value indices, Call call)
      : b(b), table(table), indices(indices), type(cast<VectorType>(indices.getType())),
        call(call) {}

  Value inRows();
  Value inHalves();

private:
  Value inRows(Value low, unsigned start, unsigned size);
  Value selectByBit(unsigned bit, Value set, Value clear);
  int64_t lanes() const { return type.getNumElements(); }
  Value constant(ArrayRef<int8_t> values) {
    return arith::ConstantOp::create(b, DenseElementsAttr::get(type, values));
  }
  Value splat(int8_t value) { return constant(ArrayRef(value)); }

  ImplicitLocOpBuilder &b;
  ArrayRef<int8_t> table;
  Value indices;
  VectorType type;
  Call call;
};
} // namespace

/// `set` in the lanes whose index has `bit`, `clear` in the others. The bit is shifted to the sign,
/// in 16 bits, for which there is an instruction.
Value TableOnX86::selectByBit(unsigned bit, Value set, Value clear) {
  Value signs = indices;
  if (bit < 7) {
    auto words = VectorType::get(lanes() / 2, b.getI16Type());
    Value distance =
        arith::ConstantOp::create(b, DenseElementsAttr::get(words, b.getI16IntegerAttr(7 - bit)));
    Value shifted =
        arith::ShLIOp::create(b, vector::BitCastOp::create(b, words, indices), distance);
    signs = vector::BitCastOp::create(b, type, shifted);
  }
  Value isSet = arith::CmpIOp::create(b, arith::CmpIPredicate::slt, signs, splat(0));
  return arith::SelectOp::create(b, isSet, set, clear);
}

/// PSHUFB reads the lower four bits of an index, within each 16 bytes of a vector. The rows of 16
/// are chosen from pairwise, each pair as soon as both are there, so that few of them are alive.
Value TableOnX86::inRows() {
  Value low = arith::AndIOp::create(b, indices, splat(15));
  return inRows(low, 0, 256);
}

/// What `size` entries from `start` on have for the lower bits of the indices, without looking at
/// the bits above.
Value TableOnX86::inRows(Value low, unsigned start, unsigned size) {
  ArrayRef<int8_t> entries = table.slice(start, size);
  if (llvm::all_equal(entries))
    return splat(entries[0]);
  unsigned half = size / 2;
  if (size == 16) {
    SmallVector<int8_t> repeated;
    for (int64_t lane = 0; lane < lanes(); ++lane)
      repeated.push_back(entries[lane % 16]);
    StringRef name = bySize(type, "llvm.x86.ssse3.pshuf.b.128", "llvm.x86.avx2.pshuf.b",
                            "llvm.x86.avx512.pshuf.b.512");
    return call(name, {constant(repeated), low});
  }
  Value clear = inRows(low, start, half);
  if (entries.take_front(half) == entries.drop_front(half))
    return clear;
  Value set = inRows(low, start + half, half);
  return selectByBit(llvm::Log2_32(half), set, clear);
}

/// VPERMI2B reads the lower seven bits of an index into two vectors of 64 bytes.
Value TableOnX86::inHalves() {
  auto half = [&](unsigned start) {
    return call("llvm.x86.avx512.vpermi2var.qi.512",
                {constant(table.slice(start, 64)), indices, constant(table.slice(start + 64, 64))});
  };
  return selectByBit(7, half(128), half(0));
}

unsigned X86Instructions::lookupLanes(int64_t total) const {
  switch (target.instructions.lookup->instruction) {
  case LookupInstruction::Vpermi2b:
    return 64;
  case LookupInstruction::Pshufb:
    return std::clamp<int64_t>(llvm::PowerOf2Ceil(total), 16, target.vectorBits / 8);
  default:
    return 0;
  }
}

Value X86Instructions::lookUp(Builder &b, ArrayRef<int8_t> table, Value indices) const {
  auto emit = [&](StringRef name, ValueRange operands) {
    return call(b, name, indices.getType(), operands);
  };
  TableOnX86 lookup(b, table, indices, emit);
  bool inHalves = target.instructions.lookup->instruction == LookupInstruction::Vpermi2b;
  return inHalves ? lookup.inHalves() : lookup.inRows();
}

//===----------------------------------------------------------------------===//
// Narrowing and rounding
//===----------------------------------------------------------------------===//

/// Clamps bytes that instructions have packed with saturation.
static Value clampBytes(Instructions::Builder &b, Value packed, const Narrowing &narrowing,
                        bool isSigned) {
  auto type = cast<VectorType>(packed.getType());
  auto limit = [&](int64_t value) -> Value {
    return arith::ConstantOp::create(
        b, DenseElementsAttr::get(type, b.getI8IntegerAttr(static_cast<int8_t>(value))));
  };
  if (isSigned && narrowing.low > INT8_MIN)
    packed = arith::MaxSIOp::create(b, packed, limit(narrowing.low));
  if (isSigned && narrowing.high < INT8_MAX)
    packed = arith::MinSIOp::create(b, packed, limit(narrowing.high));
  if (!isSigned && narrowing.low > 0)
    packed = arith::MaxUIOp::create(b, packed, limit(narrowing.low));
  if (!isSigned && narrowing.high < UINT8_MAX)
    packed = arith::MinUIOp::create(b, packed, limit(narrowing.high));
  return packed;
}

/// Packs four registers of 32 bits from `start` on into one of bytes, in order.
Value X86Instructions::packBytes(Builder &b, const Narrowing &narrowing, int64_t start,
                                 bool isSigned) const {
  int64_t lanes = target.vectorBits / 32, blocks = target.vectorBits / 128;
  auto bytes = VectorType::get(4 * lanes, b.getI8Type());
  auto halves = VectorType::get(2 * lanes, b.getI16Type());
  auto words = VectorType::get(lanes, b.getI32Type());
  SmallVector<Value, 2> pairs;
  for (int64_t i = 0; i < 4; i += 2) {
    Value pair = call(
        b, bySize(halves, "", "llvm.x86.avx2.packssdw", "llvm.x86.avx512.packssdw.512"), halves,
        {slice(b, narrowing.input, start + lanes * i, lanes),
         slice(b, narrowing.input, start + lanes * (i + 1), lanes)});
    if (narrowing.zeroPoint != 0)
      pair = LLVM::SAddSat::create(b, halves, pair, splat(b, halves, narrowing.zeroPoint));
    pairs.push_back(pair);
  }
  StringRef pack =
      isSigned ? bySize(bytes, "", "llvm.x86.avx2.packsswb", "llvm.x86.avx512.packsswb.512")
               : bySize(bytes, "", "llvm.x86.avx2.packuswb", "llvm.x86.avx512.packuswb.512");
  Value packed = call(b, pack, bytes, {pairs[0], pairs[1]});
  // Each block of 128 bits holds groups of four bytes: one of each part.
  SmallVector<int64_t> order;
  for (int64_t part = 0; part < 4; ++part)
    for (int64_t block = 0; block < blocks; ++block)
      order.push_back(4 * block + part);
  packed = vector::BitCastOp::create(b, words, packed);
  packed = vector::ShuffleOp::create(b, packed, packed, order);
  return vector::BitCastOp::create(b, bytes, packed);
}

/// AVX2 and AVX-512 pack two registers into one, with saturation, but each block of 128 bits by
/// itself. LLVM puts every result in order, or narrows every register alone; here all are packed
/// first.
Value X86Instructions::narrow(Builder &b, const Narrowing &narrowing) const {
  int64_t size = narrowing.type.getNumElements(), full = target.vectorBits / 8;
  bool isSigned = narrowing.low >= INT8_MIN && narrowing.high <= INT8_MAX;
  bool isByte = isSigned || (narrowing.low >= 0 && narrowing.high <= UINT8_MAX);
  if (target.pointerBits != 64 || target.vectorBits < 256 || size % full != 0 || !isByte)
    return nullptr;
  Value all;
  for (int64_t done = 0; done < size; done += full) {
    Value packed = clampBytes(b, packBytes(b, narrowing, done, isSigned), narrowing, isSigned);
    if (size == full)
      return packed;
    if (!all)
      all = splat(b, narrowing.type, 0);
    all = vector::InsertStridedSliceOp::create(b, packed, all, ArrayRef<int64_t>{done},
                                               ArrayRef<int64_t>{1});
  }
  return all;
}

/// The conversion of floats to integers rounds by itself, to nearest even unless the program has
/// changed that. LLVM does not see that in a rounding and a conversion.
Value X86Instructions::nearestInteger(Builder &b, arith::FPToSIOp op, bool) const {
  auto rounding = op.getIn().getDefiningOp<math::RoundEvenOp>();
  if (target.pointerBits != 64 || !rounding || !getElementTypeOrSelf(op.getIn()).isF32() ||
      getElementTypeOrSelf(op.getType()).getIntOrFloatBitWidth() > 32)
    return nullptr;
  Type word = b.getI32Type();
  if (auto vector = dyn_cast<VectorType>(op.getType()))
    word = vector.clone(word);
  Value nearest = call(b, "llvm.lrint", word, rounding.getOperand());
  if (word == op.getType())
    return nearest;
  return arith::TruncIOp::create(b, op.getType(), nearest);
}

std::unique_ptr<Instructions> tflc::createX86Instructions(const TargetInfo &target) {
  return std::make_unique<X86Instructions>(target);
}

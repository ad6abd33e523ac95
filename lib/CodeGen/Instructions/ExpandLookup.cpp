//===- ExpandLookup.cpp - tables of bytes in the target's registers -------===//
//
// Part of tflc, under the Apache License 2.0.
//
//===----------------------------------------------------------------------===//

#include "tflc/CodeGen/Passes.h"
#include "tflc/Target/ConstantPool.h"
#include "tflc/Target/TargetInfo.h"

#include "TFLRT/IR/TFLRTDialect.h"

#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/LLVMIR/LLVMDialect.h"
#include "mlir/Dialect/Vector/IR/VectorOps.h"

namespace tflc {
#define GEN_PASS_DEF_EXPANDLOOKUP
#include "tflc/CodeGen/Passes.h.inc"
} // namespace tflc

using namespace mlir;
using tflc::tflrt::LookupOp;

namespace {

/// Looks up one vector of the machine's width.
class LookupBuilder : public ImplicitLocOpBuilder {
public:
  LookupBuilder(LookupOp op, unsigned lanes)
      : ImplicitLocOpBuilder(op.getLoc(), op), table(op.getTable()),
        type(VectorType::get(lanes, getI8Type())) {}

  Value withPshufb(Value indices);
  Value lookUpRows(Value indices, Value low, unsigned start, unsigned size);
  Value withVpermi2b(Value indices);
  Value withTbl(Value indices);

private:
  int64_t lanes() const { return type.getNumElements(); }
  Value constant(ArrayRef<int8_t> values) {
    return arith::ConstantOp::create(*this, DenseElementsAttr::get(type, values));
  }
  Value splat(int8_t value) { return constant(ArrayRef(value)); }
  Value intrinsic(StringRef name, ValueRange operands) {
    return LLVM::CallIntrinsicOp::create(*this, type, getStringAttr(name), operands).getResult(0);
  }
  /// `set` in the lanes whose index has `bit`, `clear` in the others. The bit is shifted to the
  /// sign, in 16 bits, for which there is an instruction.
  Value selectByBit(Value indices, unsigned bit, Value set, Value clear);

  ArrayRef<int8_t> table;
  VectorType type;
};

} // namespace

Value LookupBuilder::selectByBit(Value indices, unsigned bit, Value set, Value clear) {
  if (bit < 7) {
    auto words = VectorType::get(lanes() / 2, getI16Type());
    Value distance =
        arith::ConstantOp::create(*this, DenseElementsAttr::get(words, getI16IntegerAttr(7 - bit)));
    Value shifted =
        arith::ShLIOp::create(*this, vector::BitCastOp::create(*this, words, indices), distance);
    indices = vector::BitCastOp::create(*this, type, shifted);
  }
  Value isSet = arith::CmpIOp::create(*this, arith::CmpIPredicate::slt, indices, splat(0));
  return arith::SelectOp::create(*this, isSet, set, clear);
}

/// PSHUFB reads the lower four bits of an index, within each 16 bytes of a vector. The rows of 16
/// are chosen from pairwise, each pair as soon as both are there, so that few of them are alive.
Value LookupBuilder::withPshufb(Value indices) {
  Value low = arith::AndIOp::create(*this, indices, splat(15));
  return lookUpRows(indices, low, 0, 256);
}

/// What `size` entries from `start` on have for the lower bits of `indices`, without looking at the
/// bits above.
Value LookupBuilder::lookUpRows(Value indices, Value low, unsigned start, unsigned size) {
  ArrayRef<int8_t> entries = table.slice(start, size);
  if (llvm::all_equal(entries))
    return splat(entries[0]);
  unsigned half = size / 2;
  if (size == 16) {
    SmallVector<int8_t> repeated;
    for (int64_t lane = 0; lane < lanes(); ++lane)
      repeated.push_back(entries[lane % 16]);
    StringRef name = lanes() == 64   ? "llvm.x86.avx512.pshuf.b.512"
                     : lanes() == 32 ? "llvm.x86.avx2.pshuf.b"
                                     : "llvm.x86.ssse3.pshuf.b.128";
    return intrinsic(name, {constant(repeated), low});
  }
  Value clear = lookUpRows(indices, low, start, half);
  if (entries.take_front(half) == entries.drop_front(half))
    return clear;
  Value set = lookUpRows(indices, low, start + half, half);
  return selectByBit(indices, llvm::Log2_32(half), set, clear);
}

/// VPERMI2B reads the lower seven bits of an index into two vectors of 64 bytes.
Value LookupBuilder::withVpermi2b(Value indices) {
  auto half = [&](unsigned start) {
    return intrinsic(
        "llvm.x86.avx512.vpermi2var.qi.512",
        {constant(table.slice(start, 64)), indices, constant(table.slice(start + 64, 64))});
  };
  return selectByBit(indices, 7, half(128), half(0));
}

/// TBL gives 0 for indices beyond its 64 bytes, TBX leaves the lane as it was.
Value LookupBuilder::withTbl(Value indices) {
  Value result;
  for (unsigned start = 0; start < 256; start += 64) {
    SmallVector<Value> operands;
    if (result)
      operands.push_back(result);
    for (unsigned row = 0; row < 64; row += 16)
      operands.push_back(constant(table.slice(start + row, 16)));
    operands.push_back(
        start ? arith::SubIOp::create(*this, indices, splat(int8_t(start))).getResult() : indices);
    result = intrinsic(result ? "llvm.aarch64.neon.tbx4.v16i8" : "llvm.aarch64.neon.tbl4.v16i8",
                       operands);
  }
  return result;
}

/// Looks up chunks of the machine's width, the last one filled up with lanes that nobody reads.
static Value expandNatively(LookupOp op, const tflc::TargetInfo &target) {
  auto type = cast<VectorType>(op.getType());
  int64_t total = type.getNumElements();
  int64_t lanes = target.lookup == "tbl"        ? 16
                  : target.lookup == "vpermi2b" ? 64
                                                : target.vectorBits / 8;
  if (target.lookup == "pshufb")
    lanes = std::clamp<int64_t>(llvm::PowerOf2Ceil(total), 16, lanes);
  LookupBuilder b(op, lanes);
  Value result;
  for (int64_t start = 0; start < total; start += lanes) {
    SmallVector<int64_t> pick(lanes), back(total);
    for (int64_t lane = 0; lane < lanes; ++lane)
      pick[lane] = std::min(start + lane, total - 1);
    Value indices = op.getIndices();
    if (total != lanes)
      indices = vector::ShuffleOp::create(b, indices, indices, pick);
    Value chunk = target.lookup == "tbl"        ? b.withTbl(indices)
                  : target.lookup == "vpermi2b" ? b.withVpermi2b(indices)
                                                : b.withPshufb(indices);
    if (total == lanes)
      return chunk;
    // Into its place in a vector of all lanes.
    for (int64_t lane = 0; lane < total; ++lane)
      back[lane] = std::clamp<int64_t>(lane - start, 0, lanes - 1);
    Value placed = vector::ShuffleOp::create(b, chunk, chunk, back);
    if (!result) {
      result = placed;
      continue;
    }
    for (int64_t lane = 0; lane < total; ++lane)
      back[lane] = lane < start ? lane : total + lane;
    result = vector::ShuffleOp::create(b, result, placed, back);
  }
  return result;
}

/// One load for each lane.
static Value expandGenerically(LookupOp op, tflc::ConstantPool &pool) {
  ImplicitLocOpBuilder b(op.getLoc(), op);
  ArrayRef<int8_t> bytes = op.getTable();
  Value table = pool.get(b, op.getLoc(), b.getI8Type(),
                         ArrayRef(reinterpret_cast<const char *>(bytes.data()), bytes.size()));
  auto type = cast<VectorType>(op.getType());
  SmallVector<Value> elements;
  for (int64_t lane = 0; lane < type.getNumElements(); ++lane) {
    Value index = arith::IndexCastUIOp::create(
        b, b.getIndexType(), vector::ExtractOp::create(b, op.getIndices(), lane).getResult());
    elements.push_back(memref::LoadOp::create(b, table, index));
  }
  return vector::FromElementsOp::create(b, type, elements);
}

namespace {
struct ExpandLookupPass : tflc::impl::ExpandLookupBase<ExpandLookupPass> {
  void runOnOperation() override {
    tflc::TargetInfo target = tflc::getTarget(getOperation());
    tflc::ConstantPool pool(getOperation());
    SmallVector<LookupOp> ops;
    getOperation().walk([&](LookupOp op) { ops.push_back(op); });
    for (LookupOp op : ops) {
      op.replaceAllUsesWith(target.lookup == "none" ? expandGenerically(op, pool)
                                                    : expandNatively(op, target));
      op.erase();
    }
  }
};
} // namespace

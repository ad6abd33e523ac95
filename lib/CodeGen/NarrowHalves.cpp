//===- NarrowHalves.cpp - f32 as f16 --------------------------------------===//
//
// Part of tflc, under the Apache License 2.0.
//
// Weights that a model has as float16 are float32 to all passes before this one. Each of them is a
// float16 still, so that half the bytes hold it.
//
//===----------------------------------------------------------------------===//

#include "NarrowForms.h"

#include "tflc/Quantization/HalfFloats.h"

#include "mlir/Dialect/Arith/IR/Arith.h"

using namespace mlir;
using namespace tflc;

namespace {

/// With the machine's own conversion, or with that of `tflc-expand-floats`, which is exact for all
/// values.
class ConvertedHalves : public NarrowForm {
public:
  ConvertedHalves(DenseElementsAttr halves, const TargetInfo &target)
      : halves(halves), target(target) {}

  DenseElementsAttr getStored() const override { return halves; }

  Value load(ImplicitLocOpBuilder &b, Value stored, Value index, Type type) const override {
    Value half = loadPlain(b, stored, index, withElement(type, b.getF16Type()));
    return arith::ExtFOp::create(b, type, half);
  }

  int64_t countInstructions(Type type) const override {
    constexpr int64_t arithmetic = 15;
    if (!target.hasHalfConversion)
      return arithmetic * countRegisters(type, target);
    // A scalar has to move from a general register first.
    return isa<VectorType>(type) ? countRegisters(type, target) : 2;
  }

private:
  DenseElementsAttr halves;
  const TargetInfo &target;
};

/// Without an instruction: the bits of a half are put where those of a single belong, which divides
/// every finite value by 2^112, subnormal ones included.
class FiniteHalves : public NarrowForm {
public:
  FiniteHalves(DenseElementsAttr bits, const TargetInfo &target) : bits(bits), target(target) {}

  DenseElementsAttr getStored() const override { return bits; }

  Value load(ImplicitLocOpBuilder &b, Value stored, Value index, Type type) const override {
    Value half = loadPlain(b, stored, index, withElement(type, b.getI16Type()));
    Type word = withElement(type, b.getI32Type());
    // Copies of the sign fill the bits between it and the exponent, and are cleared.
    Value wide = arith::ExtSIOp::create(b, word, half);
    Value moved = arith::ShLIOp::create(b, wide, makeConstant(b, word, b.getI32IntegerAttr(13)));
    Value placed = arith::AndIOp::create(
        b, moved, makeConstant(b, word, b.getI32IntegerAttr(static_cast<int32_t>(0x8fffffff))));
    return arith::MulFOp::create(b, arith::BitcastOp::create(b, type, placed),
                                 makeConstant(b, type, b.getF32FloatAttr(0x1p112f)));
  }

  int64_t countInstructions(Type type) const override { return 4 * countRegisters(type, target); }

private:
  DenseElementsAttr bits;
  const TargetInfo &target;
};

} // namespace

static bool isFiniteHalf(uint16_t bits) { return (bits & 0x7c00) != 0x7c00; }

std::unique_ptr<NarrowForm> tflc::makeHalves(DenseElementsAttr values, const TargetInfo &target) {
  if (!values.getElementType().isF32() || target.floatUnit == FloatUnit::None)
    return nullptr;
  std::optional<std::vector<char>> halves = narrowToHalf(values.getRawData());
  if (!halves)
    return nullptr;
  auto stored = [&](Type element) {
    auto type = RankedTensorType::get({values.getNumElements()}, element);
    return DenseElementsAttr::getFromRawBuffer(type, *halves);
  };
  MLIRContext *context = values.getContext();
  DenseElementsAttr bits = stored(IntegerType::get(context, 16));
  if (!target.hasHalfConversion && llvm::all_of(bits.getValues<uint16_t>(), isFiniteHalf))
    return std::make_unique<FiniteHalves>(bits, target);
  return std::make_unique<ConvertedHalves>(stored(Float16Type::get(context)), target);
}

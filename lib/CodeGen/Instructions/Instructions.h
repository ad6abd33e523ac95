//===- Instructions.h - instructions of one architecture --------*- C++ -*-===//
//
// Part of tflc, under the Apache License 2.0.
//
// The ops of tflrt say what is computed; passes expand them. Where an architecture has instructions
// that do it, the pass asks the architecture's `Instructions` first, and emits plain arithmetic
// where these decline. All that one architecture knows stands in one source: X86.cpp, AArch64.cpp,
// ARM.cpp, RISCV.cpp.
//
//===----------------------------------------------------------------------===//

#ifndef TFLC_LIB_CODEGEN_INSTRUCTIONS_INSTRUCTIONS_H
#define TFLC_LIB_CODEGEN_INSTRUCTIONS_INSTRUCTIONS_H

#include "tflc/Target/ConstantPool.h"
#include "tflc/Target/TargetInfo.h"

#include "TFLRT/IR/TFLRTDialect.h"

#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/IR/ImplicitLocOpBuilder.h"
#include <memory>

namespace tflc {

/// 32 bit integers that are clamped and become bytes.
struct Narrowing {
  mlir::Value input;
  int64_t zeroPoint = 0; ///< joins them before they are clamped, in 16 bits without overflow
  int64_t low, high;     ///< of the clamp
  mlir::VectorType type; ///< of the bytes
};

/// What is known of the shift of a rescale, in every lane.
struct RescaleBounds {
  int64_t minShift;
  int64_t maxShift;
};

/// Emits the instructions of one architecture. A method that returns a value returns null where the
/// machine has no instructions for this case; it has emitted nothing then.
class Instructions {
public:
  using Value = mlir::Value;
  using Builder = mlir::ImplicitLocOpBuilder;

  /// Those of the target's architecture.
  static std::unique_ptr<Instructions> create(const TargetInfo &target);
  /// Those of the target of the module that `op` is, or is in. Where it names none, no method has
  /// instructions. Null where the target cannot be read, which is reported.
  static std::unique_ptr<Instructions> createFor(mlir::Operation *op);

  explicit Instructions(const TargetInfo &target) : target(target) {}
  virtual ~Instructions() = default;

  virtual Value dot(Builder &, tflrt::DotOp) const { return nullptr; }
  virtual Value dotMatrix(Builder &, tflrt::DotMatrixOp) const { return nullptr; }
  /// The results of `op`; none where the machine has no instructions for it.
  virtual llvm::SmallVector<Value> wordProducts(Builder &, tflrt::WordProductsOp op) const {
    return {};
  }

  /// Emits what an op on tile registers does; false where the machine has none.
  virtual bool emitTileOp(Builder &, mlir::Operation *, ConstantPool &) const { return false; }
  /// Emits at the beginning of a function with such ops what asks the system for the registers: the
  /// status with which an invocation ends where that is refused.
  virtual Value requestTiles(Builder &) const { return nullptr; }

  /// Lanes of one look-up in a vector of `total` lanes; 0 where the target looks up by loads.
  virtual unsigned lookupLanes(int64_t total) const { return 0; }
  /// `table` of 256 bytes at the indices in a vector of lookupLanes.
  virtual Value lookUp(Builder &, llvm::ArrayRef<int8_t> table, Value indices) const {
    return nullptr;
  }

  /// Bytes that become words of 16 bits: the result of an arith.extsi or arith.extui of vectors.
  virtual Value extendBytes(Builder &, Value bytes, bool isUnsigned) const { return nullptr; }

  /// A tflrt.multiply_high or tflrt.multiply_sign.
  virtual Value multiplyWords(Builder &, mlir::Operation *) const { return nullptr; }

  virtual Value rescale(Builder &, tflrt::RescaleOp, RescaleBounds) const { return nullptr; }
  /// Whether the products of a rescale are best made of even and odd lanes apart, in 64 bits.
  virtual bool multipliesEvenLanes() const { return false; }

  virtual Value narrow(Builder &, const Narrowing &) const { return nullptr; }

  /// The integers of `op`, which `input` already holds as floats if `isIntegral`.
  virtual Value nearestInteger(Builder &, mlir::arith::FPToSIOp op, bool isIntegral) const {
    return nullptr;
  }

  const TargetInfo target;

protected:
  /// One instruction, by the name of LLVM's intrinsic.
  static Value call(Builder &b, llvm::StringRef intrinsic, mlir::Type result,
                    mlir::ValueRange operands);
  static Value splat(Builder &b, mlir::VectorType type, int64_t value);
  /// A tflrt.multiply_high of vectors of whole eights of words by `intrinsic`, which takes eight;
  /// null for all else.
  static Value multiplyHighInEights(Builder &b, mlir::Operation *op, llvm::StringRef intrinsic);
  /// `size` lanes of `vector` from `offset` on.
  static Value slice(Builder &b, Value vector, int64_t offset, int64_t size);
};

std::unique_ptr<Instructions> createX86Instructions(const TargetInfo &target);
std::unique_ptr<Instructions> createAArch64Instructions(const TargetInfo &target);
std::unique_ptr<Instructions> createARMInstructions(const TargetInfo &target);
std::unique_ptr<Instructions> createRISCVInstructions(const TargetInfo &target);

} // namespace tflc

#endif // TFLC_LIB_CODEGEN_INSTRUCTIONS_INSTRUCTIONS_H

//===- InstructionSet.h - instructions that schedules count on --*- C++ -*-===//
//
// Part of tflc, under the Apache License 2.0.
//
// A schedule asks what an instruction does ("how many products of bytes join a sum?"), never which
// one it is. This file says what there is; `lib/CodeGen/Instructions` emits it, one source for each
// architecture.
//
//===----------------------------------------------------------------------===//

#ifndef TFLC_TARGET_INSTRUCTIONSET_H
#define TFLC_TARGET_INSTRUCTIONSET_H

#include "llvm/ADT/StringRef.h"

namespace tflc {

/// The instruction that a machine sums products of small integers with.
enum class DotInstruction { None, Maddwd, VNNI512, AVXVNNI, AVXVNNIINT8, Sdot, Smmla, Mve, Smlad };

/// What that instruction does: it multiplies neighbouring elements of two vectors and adds all
/// products of a group to one sum of 32 bits. The second factor (the weights) is signed.
struct DotProduct {
  DotInstruction instruction;
  llvm::StringLiteral name; ///< the entry `dot` of the attribute `tflc.target`
  /// Products of a group: of two signed bytes, of an unsigned by a signed byte, of two signed words
  /// of 16 bits. 0 where the machine has no such instruction.
  unsigned signedBytes, unsignedBytes, words;
  /// Whether each lane of a vector is a sum; otherwise one general register is the only one.
  bool sumsLanes;
  /// Whether two rows by two columns of eight signed bytes each are multiplied at once.
  bool hasMatrix;

  bool hasBytes() const { return signedBytes || unsignedBytes; }
  /// Whether it takes vectors of bytes, all of whose products join one general register.
  bool sumsVectors() const { return hasBytes() && !sumsLanes; }
  bool addsWordPairs() const { return sumsLanes && words == 2; }
  /// Products of a group of bytes in a lane.
  unsigned bytesInLane(bool isUnsigned) const {
    return !sumsLanes ? 0 : isUnsigned ? unsignedBytes : signedBytes;
  }
};

/// The instruction that a machine looks bytes up with, in tables that registers hold.
enum class LookupInstruction { None, Pshufb, Vpermi2b, Tbl };

struct Lookup {
  LookupInstruction instruction;
  llvm::StringLiteral name; ///< the entry `lookup` of the attribute `tflc.target`
  unsigned entries;         ///< of a table; 0 where the machine has no such instruction
};

const DotProduct &getDotProduct(DotInstruction instruction);
const Lookup &getLookup(LookupInstruction instruction);
/// The row of that name; null where there is none.
const DotProduct *findDotProduct(llvm::StringRef name);
const Lookup *findLookup(llvm::StringRef name);

/// Cycles of instructions on vectors, many of them after each other. They decide between schedules,
/// never about results.
struct VectorCosts {
  double product;   ///< of vectors, which joins a sum
  double load;      ///< of a vector, or of an element into all lanes
  double operation; ///< any other one
  double extension; ///< of a loaded vector of bytes, beside its load, where others hide most of it
  double iteration; ///< what a loop takes beside its body
  double operationsPerCycle; ///< of many kinds, as the transforms of Winograd's products mix them
};
/// Measured with hand-written loops of 7x1, 12x1, 6x2 and 4x3 products, within 3 %; used for all
/// machines with vectors, as long as there is no other table.
extern const VectorCosts vectorCostsOfZen3;

/// Cycles of what tile registers do.
struct TileCosts {
  double product;        ///< where others wait for other sums
  double productLatency; ///< of one that waits for the sums of the one before
  double store;
  double configuration; ///< of all registers
};
/// From the peak of 2048 products a cycle; latency, store and configuration are estimates.
extern const TileCosts tileCostsOfSapphireRapids;

/// What the instructions of a machine offer to schedules of quantized networks.
struct InstructionSet {
  const DotProduct *dot = &getDotProduct(DotInstruction::None);
  const Lookup *lookup = &getLookup(LookupInstruction::None);
  /// Products of vectors take one lane of a register as a factor: a row of a contraction is loaded
  /// as a vector and needs no broadcasts.
  bool hasLaneProducts = false;
  /// Neighbouring products of u8 and s8 are added in 16 bits, which saturate.
  bool hasBytePairs = false;
  /// Matrices of u8 and s8 are multiplied in tile registers, for which a program asks the system.
  bool hasTileProducts = false;
  /// One instruction extends the even lanes of a vector and another one the odd ones; narrowing,
  /// too, takes even and odd lanes.
  bool extendsAlternateLanes = false;
  /// Vectors of two lanes of 32 bits are worth emitting: LLVM does not take them for other types.
  bool hasHalfVectors = true;
  /// Float conversions and a fused multiply-add cost less than an exact product of 32 bit lanes.
  bool floatRescale = false;

  const VectorCosts *vectorCosts = &vectorCostsOfZen3;
  const TileCosts *tileCosts = &tileCostsOfSapphireRapids;

  bool looksUp() const { return lookup->entries != 0; }
  /// Whether `tflrt.multiply_high` is an instruction. Where words are multiplied in pairs, it came
  /// together with the look-up.
  bool multipliesWordsHigh() const { return dot->addsWordPairs() && looksUp(); }
};

} // namespace tflc

#endif // TFLC_TARGET_INSTRUCTIONSET_H

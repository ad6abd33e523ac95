//===- InstructionSet.cpp - instructions that schedules count on ----------===//
//
// Part of tflc, under the Apache License 2.0.
//
//===----------------------------------------------------------------------===//

#include "tflc/Target/InstructionSet.h"

#include "llvm/ADT/STLExtras.h"

using namespace tflc;

/// In the order of the enumeration.
static constexpr DotProduct dotProducts[] = {
    // instruction, name, groups of signed bytes, unsigned bytes, words; sums lanes, matrices
    {DotInstruction::None, "none", 0, 0, 0, true, false},
    {DotInstruction::Maddwd, "maddwd", 0, 0, 2, true, false},
    {DotInstruction::VNNI512, "vnni512", 0, 4, 2, true, false},
    {DotInstruction::AVXVNNI, "avxvnni", 0, 4, 2, true, false},
    {DotInstruction::AVXVNNIINT8, "avxvnniint8", 4, 4, 2, true, false},
    {DotInstruction::Sdot, "sdot", 4, 0, 0, true, false},
    {DotInstruction::Smmla, "smmla", 4, 4, 0, true, true},
    {DotInstruction::Mve, "mve", 16, 0, 0, false, false},
    {DotInstruction::Smlad, "smlad", 0, 0, 2, false, false},
};

static constexpr Lookup lookups[] = {
    {LookupInstruction::None, "none", 0},
    {LookupInstruction::Pshufb, "pshufb", 16}, // in each 16 bytes of a vector
    {LookupInstruction::Vpermi2b, "vpermi2b", 128},
    {LookupInstruction::Tbl, "tbl", 64},
};

const VectorCosts tflc::vectorCostsOfZen3 = {
    /*product=*/0.5,   /*load=*/0.5,       /*operation=*/0.25,
    /*extension=*/0.1, /*iteration=*/0.25, /*operationsPerCycle=*/3.2,
};

const TileCosts tflc::tileCostsOfSapphireRapids = {
    /*product=*/16, /*productLatency=*/52, /*store=*/16, /*configuration=*/204};

const DotProduct &tflc::getDotProduct(DotInstruction instruction) {
  return dotProducts[static_cast<size_t>(instruction)];
}

const Lookup &tflc::getLookup(LookupInstruction instruction) {
  return lookups[static_cast<size_t>(instruction)];
}

template <typename Row, size_t size>
static const Row *findRow(const Row (&rows)[size], llvm::StringRef name) {
  const Row *row = llvm::find_if(rows, [&](const Row &row) { return row.name == name; });
  return row == std::end(rows) ? nullptr : row;
}

const DotProduct *tflc::findDotProduct(llvm::StringRef name) { return findRow(dotProducts, name); }

const Lookup *tflc::findLookup(llvm::StringRef name) { return findRow(lookups, name); }

//===- Contraction.cpp - reductions that add up products ------------------===//
//
// Part of tflc, under the Apache License 2.0.
//
//===----------------------------------------------------------------------===//

#include "Contraction.h"

#include "mlir/Dialect/Arith/IR/Arith.h"

using namespace mlir;
using namespace tflc;

std::optional<ProductSum> tflc::matchProductSum(Block *body) {
  Value accumulator = body->getArguments().back();
  ProductSum match;
  match.add = body->getTerminator()->getOperand(0).getDefiningOp();
  match.isFloat = isa_and_present<arith::AddFOp>(match.add);
  if (!match.isFloat && !isa_and_present<arith::AddIOp>(match.add))
    return std::nullopt;
  unsigned side = match.add->getOperand(0) == accumulator ? 1 : 0;
  if (match.add->getOperand(1 - side) != accumulator)
    return std::nullopt;
  match.multiply = match.add->getOperand(side).getDefiningOp();
  if (!isa_and_present<arith::MulFOp, arith::MulIOp>(match.multiply))
    return std::nullopt;
  return match;
}

bool Factor::isUnsigned() const { return isa_and_present<arith::ExtUIOp>(extension); }

/// Looks through an integer extension at an argument of the body.
static std::optional<Factor> matchFactor(Value value, Block *body) {
  Factor factor;
  if (Operation *op = value.getDefiningOp(); isa_and_present<arith::ExtSIOp, arith::ExtUIOp>(op)) {
    factor.extension = op;
    value = op->getOperand(0);
  }
  auto argument = dyn_cast<BlockArgument>(value);
  if (!argument || argument.getOwner() != body)
    return std::nullopt;
  factor.input = argument.getArgNumber();
  return factor;
}

std::optional<Contraction> tflc::matchContraction(Block *body) {
  constexpr unsigned argumentCount = 3; // both factors and the accumulator
  if (body->getNumArguments() != argumentCount)
    return std::nullopt;
  std::optional<ProductSum> sum = matchProductSum(body);
  if (!sum)
    return std::nullopt;
  std::optional<Factor> lhs = matchFactor(sum->multiply->getOperand(0), body);
  std::optional<Factor> rhs = matchFactor(sum->multiply->getOperand(1), body);
  if (!lhs || !rhs || lhs->input == rhs->input)
    return std::nullopt;
  return Contraction{*lhs, *rhs, sum->isFloat};
}

Operation *tflc::matchCombiner(Block *body) {
  Value accumulator = body->getArguments().back();
  Operation *combiner = body->getTerminator()->getOperand(0).getDefiningOp();
  if (!combiner || combiner->getNumOperands() != 2 || !accumulator.hasOneUse() ||
      *accumulator.getUsers().begin() != combiner ||
      !isa<arith::AddIOp, arith::AddFOp, arith::MaxSIOp, arith::MaxUIOp, arith::MinSIOp,
           arith::MinUIOp, arith::MaximumFOp, arith::MinimumFOp, arith::MaxNumFOp,
           arith::MinNumFOp>(combiner) ||
      !arith::getNeutralElement(combiner))
    return nullptr;
  return combiner;
}

std::optional<AddedByte> tflc::matchAddedByte(Block *body) {
  auto add = dyn_cast_if_present<arith::AddIOp>(matchCombiner(body));
  if (!add || !add.getType().isInteger(32))
    return std::nullopt;
  Operation *extension =
      add.getOperand(add.getLhs() == body->getArguments().back()).getDefiningOp();
  if (!isa_and_present<arith::ExtSIOp, arith::ExtUIOp>(extension))
    return std::nullopt;
  std::optional<Factor> byte = matchFactor(extension->getResult(0), body);
  if (!byte || !extension->getOperand(0).getType().isInteger(8))
    return std::nullopt;
  return AddedByte{byte->input, byte->isUnsigned()};
}

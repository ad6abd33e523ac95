//===- LstmVerifier.h - checks of one layer of LSTM cells -------*- C++ -*-===//
//
// Part of tflc, under the Apache License 2.0.
//
//===----------------------------------------------------------------------===//

#ifndef TFL_IR_LSTMVERIFIER_H
#define TFL_IR_LSTMVERIFIER_H

#include "TFL/IR/OperandChecks.h"
#include "TFL/IR/RecurrentOperands.h"

namespace tflc::tfl {

/// Which operands the weights multiply.
enum class LstmKind { Float, Hybrid, Integer };

/// Checks one layer of LSTM cells. `prefix` is in front of its operands' names.
class LstmVerifier {
public:
  LstmVerifier(mlir::Operation *op, const LstmOperands &cell, llvm::StringRef prefix)
      : op(op), cell(cell), prefix(prefix), checks(op) {}

  llvm::LogicalResult verify(mlir::Value output, bool mayBeInteger);

private:
  llvm::LogicalResult verifyPresence();
  llvm::LogicalResult verifyShapes();
  llvm::LogicalResult verifyWeights();
  llvm::LogicalResult verifyFloats(mlir::Value output);
  llvm::LogicalResult verifyIntegers(mlir::Value output);
  llvm::LogicalResult verifyIntermediates();
  std::string name(const llvm::Twine &text) const { return (prefix + text).str(); }
  std::string nameOf(unsigned gate, llvm::StringRef front, llvm::StringRef back) const {
    return name(front + getGateName(gate) + back);
  }
  bool isDiagonal(unsigned gate) const {
    return cell.recurrentWeights[gate] &&
           llvm::cast<mlir::RankedTensorType>(cell.recurrentWeights[gate].getType()).getRank() == 1;
  }

  mlir::Operation *op;
  const LstmOperands &cell;
  llvm::StringRef prefix;
  OperandChecks checks;
  LstmKind kind = LstmKind::Float;
};

} // namespace tflc::tfl

#endif // TFL_IR_LSTMVERIFIER_H

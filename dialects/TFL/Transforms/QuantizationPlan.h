//===- QuantizationPlan.h - what of a function becomes integers -*- C++ -*-===//
//
// Part of tflc, under the Apache License 2.0.
//
// The decision of tfl-quantize-integers, made for a whole function before anything is rewritten:
// which operators compute with integers, and the type of each float tensor that they touch.
//
//===----------------------------------------------------------------------===//

#ifndef TFL_TRANSFORMS_QUANTIZATIONPLAN_H
#define TFL_TRANSFORMS_QUANTIZATIONPLAN_H

#include "NeededRanges.h"
#include "OperatorModes.h"

#include "TFL/IR/ConstantOps.h"
#include "TFL/IR/TFLDialect.h"
#include "tflc/Quantization/Parameters.h"

#include "llvm/ADT/DenseMap.h"
#include "llvm/ADT/EquivalenceClasses.h"
#include "llvm/ADT/MapVector.h"

namespace tflc::tfl {

class QuantizationPlan {
public:
  /// Arguments (`integerArguments`) and results (`integerResults`) become integers where they have
  /// a type.
  QuantizationPlan(mlir::func::FuncOp function, QuantizationMode mode, bool integerArguments,
                   bool integerResults);

  /// The mode of an operator (see OperatorModes.h), and the width of its activations.
  QuantizationMode getMode(mlir::Operation *op) const;
  unsigned getWidth(mlir::Operation *op) const { return getActivationWidth(getMode(op)); }
  /// The width of what is not said otherwise.
  unsigned getWidth() const { return getActivationWidth(mode); }

  /// Whether the operator computes with integers.
  bool isActive(mlir::Operation *op) const { return active.contains(op); }

  /// The type of a float tensor that is no constant; null where its range is unknown.
  mlir::quant::UniformQuantizedType getType(mlir::Value value) const;

  /// The same in a width: its own, or the one in which an operator of another mode takes it.
  mlir::quant::UniformQuantizedType getType(mlir::Value value, unsigned width) const;

  /// The type in which an active operator takes an activation: its own, or that of the result where
  /// the operator needs one scale.
  mlir::quant::UniformQuantizedType getOperandType(mlir::Operation *op, mlir::Value operand) const;

  /// Operators that keep floats, each with the reason; empty for those that only stand between
  /// such.
  const llvm::MapVector<mlir::Operation *, std::string> &getRefusals() const { return refusals; }

private:
  void chooseModes();
  /// The width in which a tensor is made; arguments have that of most operators.
  unsigned getWidth(mlir::Value value) const { return getWidth(value.getDefiningOp()); }
  void noteGivenTypes();
  void spreadGivenTypes();
  std::optional<std::string> findObstacle(QuantizationOpInterface op) const;
  void chooseOperators(bool integerArguments);
  void leaveIslands(bool integerResults);
  void joinScales();
  void join(mlir::Value a, mlir::Value b);
  void joinOperands(mlir::Operation *op);
  void joinStates(mlir::Operation *op);
  bool mayShareScale(mlir::Value value, mlir::Value origin, mlir::Value result) const;
  FloatRange getConstantRange(mlir::Operation *op, ConstOp constant) const;
  void chooseTypes();
  void separateScales();
  void chooseFinerTypes(bool integerArguments);
  bool isKnown(mlir::Value value) const;
  bool setGiven(mlir::Value value, mlir::quant::UniformQuantizedType type);

  mlir::func::FuncOp function;
  QuantizationMode mode;
  /// Of operators in another mode.
  llvm::DenseMap<mlir::Operation *, QuantizationMode> otherModes;
  llvm::SmallPtrSet<mlir::Operation *, 32> active;
  llvm::MapVector<mlir::Operation *, std::string> refusals;
  /// Types that are no choice: of the model, or of a kernel.
  llvm::DenseMap<mlir::Value, mlir::quant::UniformQuantizedType> given;
  /// What readers leave of the tensors.
  std::optional<NeededRanges> needed;
  /// Tensors of one scale.
  llvm::EquivalenceClasses<mlir::Value> groups;
  /// By the leader of the group.
  llvm::DenseMap<mlir::Value, mlir::quant::UniformQuantizedType> types;
  /// Types in which single operators take a float tensor.
  llvm::DenseMap<std::pair<mlir::Operation *, mlir::Value>, mlir::quant::UniformQuantizedType>
      finerTypes;
};

/// An operator that computes no number is one of three: it moves numbers, and is quantized only
/// next to a quantized operator; it looks at the shape of a tensor of any type; or it leads from
/// one type to another.
inline bool isFollower(const QuantizationRule &rule) { return rule.shapeOnly && rule.sameScale; }
inline bool takesAnyType(const QuantizationRule &rule) {
  return rule.shapeOnly && !rule.sameScale && rule.int8Version != 0;
}
inline bool isConversion(const QuantizationRule &rule) {
  return rule.shapeOnly && !rule.sameScale && rule.int8Version == 0;
}

/// Whether an operand holds weights. Those that are no constant may be an activation.
bool isWeights(const QuantizationRule &rule, mlir::OpOperand &operand, unsigned width = 8);

/// How far a type that covers a range must reach: zero is in it, too.
inline double getCoveredExtent(FloatRange range) {
  return double(std::max(range.max, 0.0f)) - double(std::min(range.min, 0.0f));
}

/// Whether a value is a tensor of 32 bit floats.
bool isFloatTensor(mlir::Value value);

/// The operands of `op` that are float tensors and neither weights nor a bias. Beside activations
/// of 16 bits, constants in the place of an activation are such, too.
llvm::SmallVector<mlir::OpOperand *> getActivationOperands(QuantizationOpInterface op,
                                                           unsigned width = 8);

/// The type of a state in 16 bits whose scale is fixed.
mlir::quant::UniformQuantizedType getShortStateType(mlir::MLIRContext *context,
                                                    const StateRule &state);

} // namespace tflc::tfl

#endif // TFL_TRANSFORMS_QUANTIZATIONPLAN_H

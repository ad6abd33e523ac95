//===- LstmVerifier.cpp - checks of one layer of LSTM cells ---------------===//
//
// Part of tflc, under the Apache License 2.0.
//
//===----------------------------------------------------------------------===//

#include "TFL/IR/LstmVerifier.h"
#include "TFL/IR/ElementTypes.h"
#include "tflc/Quantization/PowerOfTwo.h"

using namespace mlir;
using namespace tflc;
using namespace tflc::tfl;

LogicalResult LstmVerifier::verifyPresence() {
  if (failed(checks.isPresent(cell.input, "input")) ||
      failed(checks.isPresent(cell.outputState, name("output_state"))) ||
      failed(checks.isPresent(cell.cellState, name("cell_state"))))
    return failure();
  bool hasAux = bool(cell.auxWeights[ForgetGate]);
  if (hasAux && failed(checks.isPresent(cell.auxInput, "aux_input")))
    return failure();
  for (unsigned gate = 0; gate < numGates; ++gate) {
    bool isUsed = gate != InputGate || !cell.isCoupled();
    auto verify = [&](Value value, bool isWanted, const std::string &operand) -> LogicalResult {
      if (bool(value) == (isUsed && isWanted))
        return success();
      return op->emitError("the operand ")
             << operand << (value ? " is not expected" : " is missing");
    };
    if (failed(verify(cell.inputWeights[gate], true, nameOf(gate, "input_to_", "_weights"))) ||
        failed(
            verify(cell.recurrentWeights[gate], true, nameOf(gate, "recurrent_to_", "_weights"))) ||
        failed(verify(cell.auxWeights[gate], hasAux, nameOf(gate, "aux_input_to_", "_weights"))) ||
        failed(verify(cell.peephole[gate], cell.hasPeephole() && gate != CellGate,
                      nameOf(gate, "cell_to_", "_weights"))) ||
        failed(verify(cell.bias[gate], true, nameOf(gate, "", "_gate_bias"))) ||
        failed(verify(cell.layerNorm[gate], cell.hasLayerNorm(),
                      nameOf(gate, "", "_layer_norm_coefficients"))))
      return failure();
  }
  if (cell.projectionBias && !cell.projectionWeights)
    return op->emitError("the operand ") << name("projection_bias") << " is not expected";
  return success();
}

LogicalResult LstmVerifier::verifyShapes() {
  int64_t cells = getSize(cell.inputWeights[OutputGate], 0);
  int64_t outputs = getSize(cell.recurrentWeights[OutputGate], isDiagonal(OutputGate) ? 0 : 1);
  int64_t inputs = cast<RankedTensorType>(cell.input.getType()).getShape().back();
  int64_t auxInputs = ShapedType::kDynamic;
  if (cell.auxInput) {
    if (failed(checks.hasRank(cell.auxInput, "aux_input",
                              cast<RankedTensorType>(cell.input.getType()).getRank())))
      return failure();
    auxInputs = cast<RankedTensorType>(cell.auxInput.getType()).getShape().back();
  }
  for (unsigned gate = 0; gate < numGates; ++gate) {
    SmallVector<int64_t> recurrent = {cells};
    if (!isDiagonal(gate))
      recurrent.push_back(outputs);
    if (failed(checks.hasShape(cell.inputWeights[gate], nameOf(gate, "input_to_", "_weights"),
                               {cells, inputs})) ||
        failed(checks.hasShape(cell.auxWeights[gate], nameOf(gate, "aux_input_to_", "_weights"),
                               {cells, auxInputs})) ||
        failed(checks.hasShape(cell.recurrentWeights[gate],
                               nameOf(gate, "recurrent_to_", "_weights"), recurrent)) ||
        failed(checks.hasShape(cell.peephole[gate], nameOf(gate, "cell_to_", "_weights"), cells)) ||
        failed(checks.hasShape(cell.bias[gate], nameOf(gate, "", "_gate_bias"), cells)) ||
        failed(checks.hasShape(cell.layerNorm[gate], nameOf(gate, "", "_layer_norm_coefficients"),
                               cells)))
      return failure();
    if (isDiagonal(gate) && cells != outputs)
      return op->emitError("a diagonal matrix of recurrent weights needs as many outputs as cells, "
                           "found ")
             << outputs << " and " << cells;
  }
  if (!cell.projectionWeights && cells != outputs)
    return op->emitError("without projection weights there are as many outputs as cells, found ")
           << outputs << " and " << cells;
  return failure(failed(checks.hasShape(cell.projectionWeights, name("projection_weights"),
                                        {outputs, cells})) ||
                 failed(checks.hasShape(cell.projectionBias, name("projection_bias"), outputs)));
}

LogicalResult LstmVerifier::verifyWeights() {
  bool isByte = kind != LstmKind::Float;
  auto verify = [&](Value value, const std::string &operand) -> LogicalResult {
    if (!isByte)
      return checks.isFloat32(value, operand);
    // Old files say uint8 for what kernels read as int8.
    if (value && kind == LstmKind::Hybrid && isStoredInteger(value.getType(), 8, false))
      return checks.hasOneScale(value, operand);
    return checks.isQuantized(value, operand, 8);
  };
  for (unsigned gate = 0; gate < numGates; ++gate) {
    std::string recurrent = nameOf(gate, "recurrent_to_", "_weights");
    if (isDiagonal(gate) && kind == LstmKind::Integer)
      return op->emitError() << recurrent << " must have rank 2 where the input is int8";
    if (failed(verify(cell.inputWeights[gate], nameOf(gate, "input_to_", "_weights"))) ||
        failed(verify(cell.auxWeights[gate], nameOf(gate, "aux_input_to_", "_weights"))) ||
        failed(isDiagonal(gate) ? checks.isFloat32(cell.recurrentWeights[gate], recurrent)
                                : verify(cell.recurrentWeights[gate], recurrent)))
      return failure();
    std::string peephole = nameOf(gate, "cell_to_", "_weights");
    if (failed(kind == LstmKind::Integer ? checks.isQuantized(cell.peephole[gate], peephole, 16)
                                         : verify(cell.peephole[gate], peephole)))
      return failure();
  }
  return verify(cell.projectionWeights, name("projection_weights"));
}

LogicalResult LstmVerifier::verifyFloats(Value output) {
  for (unsigned gate = 0; gate < numGates; ++gate)
    if (failed(checks.isFloat32(cell.bias[gate], nameOf(gate, "", "_gate_bias"))) ||
        failed(
            checks.isFloat32(cell.layerNorm[gate], nameOf(gate, "", "_layer_norm_coefficients"))))
      return failure();
  return failure(failed(checks.isFloat32(cell.projectionBias, name("projection_bias"))) ||
                 failed(checks.isFloat32(cell.auxInput, "aux_input")) ||
                 failed(checks.isFloat32(cell.outputState, name("output_state"))) ||
                 failed(checks.isFloat32(cell.cellState, name("cell_state"))) ||
                 failed(checks.isFloat32(output, "the output")));
}

LogicalResult LstmVerifier::verifyIntermediates() {
  auto types = op->getAttrOfType<ArrayAttr>("intermediates");
  constexpr size_t expected = 5;
  if (!types || types.size() != expected)
    return op->emitError("an int8 layer needs ")
           << expected << " intermediate tensors, found " << (types ? types.size() : 0);
  for (auto [i, attribute] : llvm::enumerate(types)) {
    if (i + 1 != expected && !cell.hasLayerNorm())
      continue; // the scale is a constant
    std::optional<Quantization> quantization =
        getQuantization(cast<TypeAttr>(attribute).getValue());
    if (!quantization || quantization->axis)
      return op->emitError("intermediate tensor ") << i << " must have one scale";
  }
  return success();
}

LogicalResult LstmVerifier::verifyIntegers(Value output) {
  for (unsigned gate = 0; gate < numGates; ++gate)
    if (failed(checks.isInteger(cell.bias[gate], nameOf(gate, "", "_gate_bias"), 32)) ||
        failed(checks.isQuantized(cell.layerNorm[gate],
                                  nameOf(gate, "", "_layer_norm_coefficients"), 16)))
      return failure();
  if (failed(checks.isInteger(cell.projectionBias, name("projection_bias"), 32)) ||
      failed(checks.isQuantized(cell.input, "input", 8)) ||
      failed(checks.isQuantized(cell.outputState, name("output_state"), 8)) ||
      failed(checks.isQuantized(cell.cellState, name("cell_state"), 16)) ||
      failed(checks.isQuantized(output, "the output", 8)) || failed(verifyIntermediates()))
    return failure();
  // The hyperbolic tangent is there for up to six integer bits.
  float scale = getQuantization(cell.cellState.getType())->scales[0];
  std::optional<int> exponent = getLog2OfPowerOfTwo(scale);
  if (!exponent || *exponent < -15 || *exponent > -9)
    return op->emitError(
               "the scale of cell_state must be a power of two from 2^-15 to 2^-9, found ")
           << scale;
  return success();
}

LogicalResult LstmVerifier::verify(Value output, bool mayBeInteger) {
  if (failed(verifyPresence()) || failed(verifyShapes()))
    return failure();
  Type input = cell.input.getType(), weights = cell.inputWeights[OutputGate].getType();
  bool isByte = isStoredInteger(weights, 8) || isStoredInteger(weights, 8, false);
  if (mayBeInteger && isStoredInteger(input, 8) && isByte)
    kind = LstmKind::Integer;
  else if (getElementTypeOrSelf(input).isF32() && isByte)
    kind = LstmKind::Hybrid;
  else if (!getElementTypeOrSelf(input).isF32() || !getElementTypeOrSelf(weights).isF32())
    return op->emitError("unsupported types: ")
           << getElementTypeName(input) << " input, " << getElementTypeName(weights) << " weights";
  if (failed(verifyWeights()))
    return failure();
  return kind == LstmKind::Integer ? verifyIntegers(output) : verifyFloats(output);
}

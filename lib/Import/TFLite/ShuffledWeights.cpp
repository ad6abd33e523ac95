//===- ShuffledWeights.cpp - weights in the order of a kernel -------------===//
//
// Part of tflc, under the Apache License 2.0.
//
//===----------------------------------------------------------------------===//

#include "ShuffledWeights.h"

#include "TFL/IR/ConstantOps.h"
#include "TFL/IR/ElementTypes.h"
#include "TFL/IR/MatMulOps.h"

#include "mlir/IR/Diagnostics.h"

using namespace mlir;
using namespace tflc;

static constexpr int64_t tileRows = 4, tileColumns = 16;

bool tflc::hasShuffledWeights(const OperationState &state) {
  auto format = dyn_cast_or_null<StringAttr>(state.attributes.get("weights_format"));
  return state.name.getStringRef() == tfl::FullyConnectedOp::getOperationName() && format &&
         format.getValue() == "SHUFFLED4x16INT8";
}

/// Whether something else than the operator itself uses its second output.
static bool isWorkspaceUsed(const ModelFile &file, uint32_t subgraph, int32_t workspace) {
  const schema::SubGraph &content = file.subgraph(subgraph);
  if (llvm::is_contained(toArrayRef(content.outputs()), workspace))
    return true;
  for (uint32_t i = 0, end = sizeOf(content.operators()); i != end; ++i)
    if (llvm::is_contained(toArrayRef(file.op(subgraph, i).inputs()), workspace))
      return true;
  return false;
}

/// Tiles stand one behind the other along a row of tiles, then come the next rows; the zero point
/// is subtracted already.
static std::vector<char> orderTiles(ArrayRef<char> tiles, int64_t rows, int64_t columns) {
  std::vector<char> ordered(tiles.size());
  const char *next = tiles.data();
  for (int64_t row = 0; row < rows; row += tileRows)
    for (int64_t column = 0; column < columns; column += tileColumns)
      for (int64_t i = 0; i < tileRows; ++i)
        for (int64_t j = 0; j < tileColumns; ++j)
          ordered[(row + i) * columns + column + j] = static_cast<char>(*next++ ^ 0x80);
  return ordered;
}

LogicalResult tflc::orderShuffledWeights(const ModelFile &file, uint32_t subgraph, uint32_t index,
                                         OpBuilder &builder, OperationState &state) {
  auto fail = [&](const Twine &what) -> LogicalResult {
    return emitError(state.location) << "shuffled weights " << what;
  };
  ArrayRef<int32_t> outputs = toArrayRef(file.op(subgraph, index).outputs());
  if (state.operands.size() < 2 || outputs.size() != 2)
    return fail("need an input, weights, an output and a workspace");
  if (isWorkspaceUsed(file, subgraph, outputs[1]))
    return fail("have a workspace, which no operator reads");
  // The kernel takes both zero points for 128.
  auto hasMiddle = [](Value value) {
    std::optional<tfl::Quantization> scales = tfl::getQuantization(value.getType());
    return scales && !scales->axis && scales->zeroPoints == ArrayRef<int32_t>(128);
  };
  if (!hasMiddle(state.operands[0]) || !hasMiddle(state.operands[1]))
    return fail("and their input need the zero point 128");
  auto constant = state.operands[1].getDefiningOp<tfl::ConstOp>();
  auto values = constant ? dyn_cast<DenseElementsAttr>(constant.getValue()) : nullptr;
  if (!values || values.getType().getRank() != 2 ||
      values.getType().getDimSize(0) % tileRows != 0 ||
      values.getType().getDimSize(1) % tileColumns != 0 || values.empty())
    return fail("must be constants of whole tiles, 4 rows by 16 columns");

  ArrayRef<int64_t> shape = values.getType().getShape();
  std::vector<char> raw(values.getNumElements(), values.getRawData().front());
  if (!values.isSplat())
    llvm::copy(values.getRawData(), raw.begin());
  values =
      DenseElementsAttr::getFromRawBuffer(values.getType(), orderTiles(raw, shape[0], shape[1]));
  state.operands[1] = tfl::ConstOp::create(builder, constant.getLoc(), constant.getType(), values);
  state.types.pop_back();
  state.attributes.set("weights_format", builder.getStringAttr("DEFAULT"));
  return success();
}

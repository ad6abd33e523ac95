//===- Strategy.cpp - how a kernel runs -----------------------------------===//
//
// Part of tflc, under the Apache License 2.0.
//
//===----------------------------------------------------------------------===//

#include "Strategy.h"

#include "mlir/IR/Builders.h"
#include "llvm/ADT/StringSwitch.h"

using namespace mlir;
using namespace tflc;

//===----------------------------------------------------------------------===//
// Attribute
//===----------------------------------------------------------------------===//

static StringRef nameOf(Form form) {
  switch (form) {
  case Form::Parallel:
    return "parallel";
  case Form::Contract:
    return "contract";
  case Form::Reduce:
    return "reduce";
  }
  llvm_unreachable("unknown form");
}

DictionaryAttr Strategy::toAttr(MLIRContext *context) const {
  Builder b(context);
  SmallVector<NamedAttribute> entries{b.getNamedAttr("form", b.getStringAttr(nameOf(form))),
                                      b.getNamedAttr("vector_dim", b.getI64IntegerAttr(vectorDim)),
                                      b.getNamedAttr("lanes", b.getI64IntegerAttr(lanes)),
                                      b.getNamedAttr("tile", b.getDenseI64ArrayAttr(tile)),
                                      b.getNamedAttr("split", b.getI64IntegerAttr(split))};
  if (narrow)
    entries.push_back(b.getNamedAttr("narrow", b.getBoolAttr(true)));
  if (taps)
    entries.push_back(b.getNamedAttr("taps", b.getBoolAttr(true)));
  if (pairs)
    entries.push_back(b.getNamedAttr("pairs", b.getBoolAttr(true)));
  if (joined > 1)
    entries.push_back(b.getNamedAttr("joined", b.getI64IntegerAttr(joined)));
  if (form == Form::Contract) {
    entries.push_back(b.getNamedAttr("weights", b.getI64IntegerAttr(weightsInput)));
    entries.push_back(b.getNamedAttr("group_dim", b.getI64IntegerAttr(groupDim)));
    entries.push_back(b.getNamedAttr("group", b.getI64IntegerAttr(group)));
    entries.push_back(b.getNamedAttr("widen", b.getBoolAttr(widen)));
    if (!block.empty())
      entries.push_back(b.getNamedAttr("block", b.getDenseI64ArrayAttr(block)));
    if (scratch)
      entries.push_back(b.getNamedAttr("scratch", b.getI64IntegerAttr(scratch)));
    if (winograd)
      entries.push_back(b.getNamedAttr(
          "winograd", b.getDenseI64ArrayAttr({winograd->lines, winograd->pixels, winograd->rows,
                                              winograd->tiles, winograd->columns,
                                              winograd->channels, winograd->weightsFirst})));
    if (rowGroups > 1)
      entries.push_back(b.getNamedAttr("row_groups", b.getI64IntegerAttr(rowGroups)));
    if (acrossLanes)
      entries.push_back(b.getNamedAttr("across_lanes", b.getBoolAttr(true)));
    if (matrix)
      entries.push_back(b.getNamedAttr("matrix", b.getBoolAttr(true)));
    if (epilogueLanes > lanes)
      entries.push_back(b.getNamedAttr("epilogue_lanes", b.getI64IntegerAttr(epilogueLanes)));
    if (bytePairs)
      entries.push_back(b.getNamedAttr("byte_pairs", b.getBoolAttr(true)));
    if (words)
      entries.push_back(b.getNamedAttr("words", b.getBoolAttr(true)));
    if (tiles)
      entries.push_back(b.getNamedAttr("tiles", b.getBoolAttr(true)));
  }
  return b.getDictionaryAttr(entries);
}

std::optional<Strategy> Strategy::fromAttr(DictionaryAttr attr) {
  Strategy result;
  auto number = [&](StringRef name) -> int64_t {
    auto value = attr.getAs<IntegerAttr>(name);
    return value ? value.getInt() : 0;
  };
  auto form = attr.getAs<StringAttr>("form");
  auto tile = attr.getAs<DenseI64ArrayAttr>("tile");
  if (!form || !tile)
    return std::nullopt;
  auto known = llvm::StringSwitch<std::optional<Form>>(form.getValue())
                   .Case("parallel", Form::Parallel)
                   .Case("contract", Form::Contract)
                   .Case("reduce", Form::Reduce)
                   .Default(std::nullopt);
  if (!known)
    return std::nullopt;
  result.form = *known;
  result.tile.assign(tile.asArrayRef().begin(), tile.asArrayRef().end());
  result.vectorDim = number("vector_dim");
  result.lanes = std::max<int64_t>(1, number("lanes"));
  result.split = std::max<int64_t>(1, number("split"));
  result.weightsInput = number("weights");
  result.groupDim = number("group_dim");
  result.group = std::max<int64_t>(1, number("group"));
  result.joined = std::max<int64_t>(1, number("joined"));
  if (auto block = attr.getAs<DenseI64ArrayAttr>("block"))
    result.block.assign(block.asArrayRef().begin(), block.asArrayRef().end());
  result.scratch = number("scratch");
  if (auto winograd = attr.getAs<DenseI64ArrayAttr>("winograd")) {
    ArrayRef<int64_t> numbers = winograd.asArrayRef();
    if (numbers.size() != 7)
      return std::nullopt;
    result.winograd = {numbers[0], numbers[1], numbers[2],     numbers[3],
                       numbers[4], numbers[5], numbers[6] != 0};
  }
  result.rowGroups = std::max<int64_t>(1, number("row_groups"));
  result.epilogueLanes = std::max<int64_t>(result.lanes, number("epilogue_lanes"));
  auto flag = [&](StringRef name) {
    auto value = attr.getAs<BoolAttr>(name);
    return value && value.getValue();
  };
  result.acrossLanes = flag("across_lanes");
  result.matrix = flag("matrix");
  result.widen = flag("widen");
  result.taps = flag("taps");
  result.pairs = flag("pairs");
  result.words = flag("words");
  result.bytePairs = flag("byte_pairs");
  result.tiles = flag("tiles");
  result.narrow = flag("narrow");
  return result;
}

//===- Strategies.cpp - how a kernel runs ---------------------------------===//
//
// Part of tflc, under the Apache License 2.0.
//
//===----------------------------------------------------------------------===//

#include "TFLRT/IR/TFLRTDialect.h"

#include "llvm/Support/MathExtras.h"

using namespace mlir;
using namespace tflc::tflrt;

#include "TFLRT/IR/TFLRTAttrInterfaces.cpp.inc"

using EmitError = function_ref<InFlightDiagnostic()>;

/// What all forms promise.
static LogicalResult verifyLoops(EmitError emitError, int64_t dim, int64_t lanes,
                                 DenseI64ArrayAttr tile) {
  if (dim < 0 || dim >= tile.size())
    return emitError() << "has vectors along loop " << dim << " of " << tile.size();
  if (lanes < 1 || !llvm::isPowerOf2_64(lanes))
    return emitError() << "has " << lanes << " lanes, which is no power of two";
  for (auto [loop, size] : llvm::enumerate(tile.asArrayRef()))
    if (size < 1)
      return emitError() << "has a tile of " << size << " iterations of loop " << loop;
  return success();
}

static LogicalResult verifyColumns(EmitError emitError, int64_t dim, int64_t lanes,
                                   DenseI64ArrayAttr tile, int64_t weights, int64_t along,
                                   int64_t group) {
  if (failed(verifyLoops(emitError, dim, lanes, tile)))
    return failure();
  if (weights != 0 && weights != 1)
    return emitError() << "has its weights in input " << weights << " of 2";
  if (along < 0 || along >= tile.size() || along == dim)
    return emitError() << "has groups along loop " << along << " of " << tile.size();
  if (group < 1)
    return emitError() << "has groups of " << group;
  if (tile[dim] % lanes != 0)
    return emitError() << "has a tile of " << tile[dim] << " columns in vectors of " << lanes;
  return success();
}

static LogicalResult verifyBlock(EmitError emitError, DenseI64ArrayAttr tile,
                                 DenseI64ArrayAttr block) {
  if (block && block.size() != tile.size())
    return emitError() << "has a block of " << block.size() << " loops instead of " << tile.size();
  if (block && llvm::any_of(block.asArrayRef(), [](int64_t size) { return size < 1; }))
    return emitError() << "has a block without iterations";
  return success();
}

static LogicalResult verifyPositive(EmitError emitError, StringRef name, int64_t value) {
  if (value < 1)
    return emitError() << "has " << name << " = " << value << ", which must be positive";
  return success();
}

static LogicalResult verifyScratch(EmitError emitError, int64_t scratch) {
  if (scratch < 0)
    return emitError() << "has a scratch buffer of " << scratch << " elements";
  return success();
}

LogicalResult VectorLoopsAttr::verify(EmitError emitError, int64_t dim, int64_t lanes,
                                      DenseI64ArrayAttr tile) {
  return verifyLoops(emitError, dim, lanes, tile);
}

LogicalResult NarrowLoopsAttr::verify(EmitError emitError, int64_t dim, int64_t lanes,
                                      DenseI64ArrayAttr tile, int64_t joined) {
  return success(succeeded(verifyLoops(emitError, dim, lanes, tile)) &&
                 succeeded(verifyPositive(emitError, "joined", joined)));
}

LogicalResult TapQuadsAttr::verify(EmitError emitError, int64_t dim, int64_t lanes,
                                   DenseI64ArrayAttr tile, int64_t along, int64_t joined) {
  if (failed(verifyLoops(emitError, dim, lanes, tile)) ||
      failed(verifyPositive(emitError, "joined", joined)))
    return failure();
  if (along < 0 || along >= tile.size() || along == dim)
    return emitError() << "has quads along loop " << along << " of " << tile.size();
  return success();
}

LogicalResult TapsAttr::verify(EmitError emitError, int64_t dim, int64_t lanes,
                               DenseI64ArrayAttr tile, bool) {
  if (lanes != 1)
    return emitError() << "has " << lanes << " lanes, but taps are scalars";
  return verifyLoops(emitError, dim, lanes, tile);
}

LogicalResult ReductionAttr::verify(EmitError emitError, int64_t dim, int64_t lanes,
                                    DenseI64ArrayAttr tile, int64_t split) {
  return success(succeeded(verifyLoops(emitError, dim, lanes, tile)) &&
                 succeeded(verifyPositive(emitError, "split", split)));
}

LogicalResult BroadcastAttr::verify(EmitError emitError, int64_t dim, int64_t lanes,
                                    DenseI64ArrayAttr tile, int64_t weights, int64_t along,
                                    int64_t group, int64_t split, bool, DenseI64ArrayAttr block,
                                    bool packs, int64_t scratch) {
  if (packs && (!block || scratch == 0))
    return emitError() << "packs columns, but has no block of rows or no buffer for them";
  return success(succeeded(verifyColumns(emitError, dim, lanes, tile, weights, along, group)) &&
                 succeeded(verifyPositive(emitError, "split", split)) &&
                 succeeded(verifyBlock(emitError, tile, block)) &&
                 succeeded(verifyScratch(emitError, scratch)));
}

LogicalResult RowLanesAttr::verify(EmitError emitError, int64_t dim, int64_t lanes,
                                   DenseI64ArrayAttr tile, int64_t weights, int64_t along,
                                   int64_t group, int64_t rowGroups, int64_t split, bool,
                                   int64_t epilogueLanes) {
  return success(succeeded(verifyColumns(emitError, dim, lanes, tile, weights, along, group)) &&
                 succeeded(verifyPositive(emitError, "row_groups", rowGroups)) &&
                 succeeded(verifyPositive(emitError, "split", split)) &&
                 succeeded(verifyPositive(emitError, "epilogue_lanes", epilogueLanes)));
}

LogicalResult AcrossLanesAttr::verify(EmitError emitError, int64_t dim, int64_t lanes,
                                      DenseI64ArrayAttr tile, int64_t weights, int64_t along,
                                      int64_t group, bool, int64_t epilogueLanes) {
  return success(succeeded(verifyColumns(emitError, dim, lanes, tile, weights, along, group)) &&
                 succeeded(verifyPositive(emitError, "epilogue_lanes", epilogueLanes)));
}

LogicalResult RowPairsAttr::verify(EmitError emitError, int64_t dim, int64_t lanes,
                                   DenseI64ArrayAttr tile, int64_t weights, int64_t along,
                                   int64_t group, int64_t epilogueLanes) {
  constexpr int64_t columns = 4, bytes = 8;
  if (lanes != columns || group != bytes)
    return emitError() << "has vectors of " << lanes << " columns in groups of " << group
                       << " instead of " << columns << " and " << bytes;
  return success(succeeded(verifyColumns(emitError, dim, lanes, tile, weights, along, group)) &&
                 succeeded(verifyPositive(emitError, "epilogue_lanes", epilogueLanes)));
}

LogicalResult TileRegistersAttr::verify(EmitError emitError, int64_t dim, int64_t lanes,
                                        DenseI64ArrayAttr tile, int64_t weights, int64_t along,
                                        int64_t group, DenseI64ArrayAttr block, int64_t scratch) {
  constexpr int64_t columns = 16, bytes = 64;
  if (failed(verifyColumns(emitError, dim, lanes, tile, weights, along, group)) ||
      failed(verifyBlock(emitError, tile, block)))
    return failure();
  if (lanes != columns || tile[along] > bytes || tile[along] % 4 != 0)
    return emitError() << "has " << lanes << " columns of " << tile[along]
                       << " bytes, but a register has " << columns << " of up to " << bytes;
  return verifyScratch(emitError, scratch);
}

LogicalResult QuadRunsAttr::verify(EmitError emitError, int64_t dim, int64_t lanes,
                                   DenseI64ArrayAttr tile, int64_t weights, int64_t along,
                                   int64_t group, DenseI64ArrayAttr block, int64_t scratch) {
  if (lanes != 1 || group != 4)
    return emitError() << "has " << lanes << " lanes and groups of " << group
                       << ", but sums are scalars and groups have four bytes";
  return success(succeeded(verifyColumns(emitError, dim, lanes, tile, weights, along, group)) &&
                 succeeded(verifyBlock(emitError, tile, block)) &&
                 succeeded(verifyScratch(emitError, scratch)));
}

LogicalResult BytePairsAttr::verify(EmitError emitError, int64_t dim, int64_t lanes,
                                    DenseI64ArrayAttr tile, int64_t weights, int64_t along,
                                    int64_t group) {
  if (group != 4)
    return emitError() << "has groups of " << group << " instead of two pairs of bytes";
  return verifyColumns(emitError, dim, lanes, tile, weights, along, group);
}

LogicalResult WinogradAttr::verify(EmitError emitError, int64_t dim, int64_t lanes,
                                   DenseI64ArrayAttr tile, int64_t weights, int64_t along,
                                   int64_t group, int64_t lines, int64_t pixels, int64_t rows,
                                   int64_t patches, int64_t columns, int64_t channels, bool,
                                   int64_t scratch) {
  if (failed(verifyColumns(emitError, dim, lanes, tile, weights, along, group)))
    return failure();
  for (int64_t results : {lines, pixels})
    if (results != 2 && results != 4)
      return emitError() << "has patches of " << lines << " lines of " << pixels
                         << " pixels; there are two or four of each";
  if (rows < 1 || patches < rows || patches % rows != 0)
    return emitError() << "transforms " << patches << " patches and multiplies " << rows
                       << " at once";
  if (columns < tile[dim] || columns % tile[dim] != 0)
    return emitError() << "transforms " << columns << " columns in tiles of " << tile[dim];
  return success(succeeded(verifyPositive(emitError, "channels", channels)) &&
                 succeeded(verifyScratch(emitError, scratch)));
}

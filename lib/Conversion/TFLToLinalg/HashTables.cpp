//===- HashTables.cpp - lowering of tables that are filled once -----------===//
//
// Part of tflc, under the Apache License 2.0.
//
// A table holds constants, so that it is two constants itself: keys in order, and values. A look-up
// halves the keys.
//
//===----------------------------------------------------------------------===//

#include "HashTables.h"

#include "KeySearch.h"
#include "Loops.h"
#include "Utils.h"

#include "TFL/IR/LookupOps.h"

#include "mlir/Dialect/Tensor/IR/Tensor.h"
#include "mlir/Transforms/DialectConversion.h"

using namespace mlir;
using namespace tflc;

/// The number of the table of a handle, or nothing where the handle is not known.
static std::optional<int64_t> getTableId(Value handle) {
  auto table = handle.getDefiningOp<tfl::HashtableOp>();
  return table ? std::optional<int64_t>(int32_t(table.getTableId())) : std::nullopt;
}

/// Constant elements in a row, as they are stored.
static DenseElementsAttr getStored(Value value) {
  DenseElementsAttr elements = matchConstant(value);
  if (!elements || !isa<IntegerType>(elements.getElementType()))
    return {};
  Type type = getElementTypeOrSelf(value.getType());
  elements = convertElements(elements, type);
  return elements.reshape(elements.getType().clone({elements.getNumElements()}));
}

/// The elements at these places.
static DenseElementsAttr pick(DenseElementsAttr elements, ArrayRef<size_t> places) {
  SmallVector<APInt> all(elements.getValues<APInt>()), picked;
  for (size_t place : places)
    picked.push_back(all[place]);
  auto type = elements.getType().clone({static_cast<int64_t>(places.size())});
  return DenseElementsAttr::get(cast<ShapedType>(type), picked);
}

static HashTable makeTable(DenseElementsAttr keys, DenseElementsAttr values) {
  SmallVector<APInt> all(keys.getValues<APInt>());
  auto order = llvm::to_vector(llvm::seq<size_t>(0, all.size()));
  llvm::stable_sort(order, [&](size_t i, size_t j) { return all[i].slt(all[j]); });
  // Of equal keys the first one counts.
  order.erase(llvm::unique(order, [&](size_t i, size_t j) { return all[i] == all[j]; }),
              order.end());
  return {pick(keys, order), pick(values, order)};
}

LogicalResult tflc::readHashTables(ModuleOp module, HashTables &tables) {
  bool failed = false;
  module.walk([&](tfl::HashtableImportOp import) {
    std::optional<int64_t> id = getTableId(import.getTable());
    DenseElementsAttr keys = getStored(import.getKeys()), values = getStored(import.getValues());
    if (!id || !keys || !values) {
      import.emitError("the keys and values of a table must be constants");
      failed = true;
      return;
    }
    // What comes after the first import changes nothing.
    if (!tables.contains(*id))
      tables[*id] = makeTable(keys, values);
  });
  module.walk([&](Operation *op) {
    if (!isa<tfl::HashtableFindOp, tfl::HashtableSizeOp>(op))
      return;
    std::optional<int64_t> id = getTableId(op->getOperand(0));
    if (id && tables.contains(*id))
      return;
    op->emitError("nothing fills the table");
    failed = true;
  });
  return failure(failed);
}

namespace {

template <typename Op> struct HashTablePattern : OpConversionPattern<Op> {
  HashTablePattern(const TypeConverter &converter, MLIRContext *context, const HashTables &tables)
      : OpConversionPattern<Op>(converter, context), tables(tables) {}

  const HashTables &tables;
};

struct ConvertHashtableFind : HashTablePattern<tfl::HashtableFindOp> {
  using HashTablePattern::HashTablePattern;

  LogicalResult matchAndRewrite(tfl::HashtableFindOp op, OpAdaptor adaptor,
                                ConversionPatternRewriter &rewriter) const override {
    Location loc = op.getLoc();
    HashTable table = tables.lookup(*getTableId(op.getTable()));
    auto type = getTypeConverter()->convertType<RankedTensorType>(op.getOutput().getType());
    if (table.keys.getElementType() != getElementType(adaptor.getKeys()) ||
        table.values.getElementType() != type.getElementType())
      return rewriter.notifyMatchFailure(op, "the table holds other types");
    Value keys = arith::ConstantOp::create(rewriter, loc, table.keys);
    Value values = arith::ConstantOp::create(rewriter, loc, table.values);
    ScalarBuilder outer(rewriter, loc);
    SmallVector<Value> first(cast<RankedTensorType>(adaptor.getDefaultValue().getType()).getRank(),
                             outer.integer(rewriter.getIndexType(), 0));
    Value otherwise = extract(outer, adaptor.getDefaultValue(), first);

    bool isEmpty = table.keys.empty();
    Value result = buildElementwise(
        rewriter, loc, adaptor.getKeys(), tensor::getMixedSizes(rewriter, loc, adaptor.getKeys()),
        type.getElementType(), [&](OpBuilder &builder, Location at, ValueRange args) -> Value {
          ScalarBuilder b(builder, at);
          if (isEmpty)
            return otherwise;
          Value place = findKey(b, keys, args[0]);
          return b.select(isFound(b, place), extract(b, values, getReadable(b, place)), otherwise);
        });
    rewriter.replaceOp(op, castTo(rewriter, loc, result, type));
    return success();
  }
};

struct ConvertHashtableSize : HashTablePattern<tfl::HashtableSizeOp> {
  using HashTablePattern::HashTablePattern;

  LogicalResult matchAndRewrite(tfl::HashtableSizeOp op, OpAdaptor,
                                ConversionPatternRewriter &rewriter) const override {
    auto type = getTypeConverter()->convertType<RankedTensorType>(op.getOutput().getType());
    int64_t count = tables.lookup(*getTableId(op.getTable())).keys.getNumElements();
    rewriter.replaceOpWithNewOp<arith::ConstantOp>(
        op, type, DenseElementsAttr::get(type, rewriter.getI64IntegerAttr(count).getValue()));
    return success();
  }
};

struct EraseHashtableImport : OpConversionPattern<tfl::HashtableImportOp> {
  using OpConversionPattern::OpConversionPattern;

  LogicalResult matchAndRewrite(tfl::HashtableImportOp op, OpAdaptor,
                                ConversionPatternRewriter &rewriter) const override {
    rewriter.eraseOp(op);
    return success();
  }
};

} // namespace

void tflc::populateHashTablePatterns(TFLTypeConverter &converter, RewritePatternSet &patterns,
                                     const HashTables &tables) {
  patterns.add<ConvertHashtableFind, ConvertHashtableSize>(converter, patterns.getContext(),
                                                           tables);
  patterns.add<EraseHashtableImport>(converter, patterns.getContext());
}

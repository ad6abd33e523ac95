//===- TableLookup.cpp - reading tables in bodies -------------------------===//
//
// Part of tflc, under the Apache License 2.0.
//
//===----------------------------------------------------------------------===//

#include "TableLookup.h"

#include "mlir/Dialect/Tensor/IR/Tensor.h"

using namespace mlir;
using namespace tflc;

template <typename T, size_t size>
static Value createTableOf(OpBuilder &builder, Location loc, const std::array<T, size> &table) {
  auto type = RankedTensorType::get({int64_t(size)}, builder.getIntegerType(8 * sizeof(T)));
  ArrayRef<char> bytes(reinterpret_cast<const char *>(table.data()), size * sizeof(T));
  return arith::ConstantOp::create(builder, loc, DenseElementsAttr::getFromRawBuffer(type, bytes));
}

Value tflc::createTable(OpBuilder &builder, Location loc, const Table8 &table) {
  return createTableOf(builder, loc, table);
}

Value tflc::createTable(OpBuilder &builder, Location loc, const Table16 &table) {
  return createTableOf(builder, loc, table);
}

Value tflc::createTable(OpBuilder &builder, Location loc, const std::array<uint16_t, 256> &table) {
  return createTableOf(builder, loc, table);
}

Value tflc::createTable(OpBuilder &builder, Location loc, const std::array<int32_t, 256> &table) {
  return createTableOf(builder, loc, table);
}

Value tflc::readTable(ScalarBuilder &b, Value table, Value index) {
  Value at = b.emit<arith::IndexCastUIOp>(b.getBuilder().getIndexType(), index);
  return b.emit<tensor::ExtractOp>(table, at);
}

Value tflc::interpolateTable(ScalarBuilder &b, Value table, Value value) {
  Value wide = b.resize(value, b.i32());
  Value index = b.add(b.shiftRight(wide, 7), 256);
  Value base = b.resize(readTable(b, table, index), b.i32());
  Value next = b.resize(readTable(b, table, b.add(index, 1)), b.i32());
  Value offset = b.emit<arith::AndIOp>(wide, b.integer(b.i32(), 127));
  // The kernel keeps the slope in 16 bits, where steep tables wrap around.
  Value slope = b.resize(b.resize(b.sub(next, base), b.getBuilder().getI16Type()), b.i32());
  Value delta = b.shiftRight(b.add(b.mul(slope, offset), 64), 7);
  return b.resize(b.add(base, delta), b.getBuilder().getI16Type());
}

//===- KeySearch.cpp - places of keys in order ----------------------------===//
//
// Part of tflc, under the Apache License 2.0.
//
//===----------------------------------------------------------------------===//

#include "KeySearch.h"

#include "Loops.h"

using namespace mlir;
using namespace tflc;

Value tflc::findKey(ScalarBuilder &b, Value keys, Value key) {
  Value none = b.integer(b.i32(), -1);
  Value size = getSize(b, keys, 0), zero = b.integer(size.getType(), 0);
  SmallVector<Value> carried = buildWhile(
      b, {zero, size, none},
      [&](ScalarBuilder &b, ValueRange args) {
        Value isOpen = b.compare(arith::CmpIPredicate::ult, args[0], args[1]);
        return b.emit<arith::AndIOp>(isOpen, b.compare(arith::CmpIPredicate::eq, args[2], none));
      },
      [&](ScalarBuilder &b, ValueRange args) -> SmallVector<Value> {
        Value one = b.integer(size.getType(), 1);
        Value middle = b.emit<arith::ShRUIOp>(b.emit<arith::AddIOp>(args[0], args[1]), one);
        Value other = extract(b, keys, middle);
        Value isLess = b.compare(arith::CmpIPredicate::slt, key, other);
        Value isGreater = b.compare(arith::CmpIPredicate::sgt, key, other);
        Value isSame = b.compare(arith::CmpIPredicate::eq, key, other);
        return {b.select(isGreater, b.emit<arith::AddIOp>(middle, one), args[0]),
                b.select(isLess, middle, args[1]),
                b.select(isSame, castFromIndex(b, middle, b.i32()), none)};
      });
  return carried[2];
}

Value tflc::isFound(ScalarBuilder &b, Value place) {
  return b.compare(arith::CmpIPredicate::sge, place, b.integer(place.getType(), 0));
}

Value tflc::getReadable(ScalarBuilder &b, Value place) {
  return castToIndex(b, b.emit<arith::MaxSIOp>(place, b.integer(place.getType(), 0)));
}

//===- ElementwiseLowering.cpp - lowering by the body of a loop -----------===//
//
// Part of tflc, under the Apache License 2.0.
//
//===----------------------------------------------------------------------===//

#include "ElementwiseLowering.h"

using namespace mlir;
using namespace tflc;

static bool isHalf(Type type) { return type.isF16() || type.isBF16(); }

SmallVector<Value> tflc::widenToSingle(ScalarBuilder &b, ValueRange args) {
  return llvm::map_to_vector(args, [&](Value arg) -> Value {
    return isHalf(arg.getType()) ? b.emit<arith::ExtFOp>(b.f32(), arg) : arg;
  });
}

ElementBody tflc::computeInSingle(ElementBody body) {
  if (!body)
    return nullptr;
  return [body](ScalarBuilder &b, ValueRange args) -> Value {
    Type type = args[0].getType();
    if (!isHalf(type))
      return body(b, args);
    return b.emit<arith::TruncFOp>(type, body(b, widenToSingle(b, args)));
  };
}

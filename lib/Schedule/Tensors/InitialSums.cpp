//===- InitialSums.cpp - what sums of products begin with -----------------===//
//
// Part of tflc, under the Apache License 2.0.
//
//===----------------------------------------------------------------------===//

#include "InitialSums.h"

#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/Tensor/IR/Tensor.h"

using namespace mlir;
using namespace tflc;

AffineMap tflc::mapFromOutput(linalg::GenericOp op, AffineMap map) {
  AffineMap outMap = op.getMatchingIndexingMap(op.getDpsInitOperand(0));
  SmallVector<AffineExpr> results;
  for (AffineExpr result : map.getResults())
    results.push_back(isa<AffineDimExpr>(result)
                          ? getAffineDimExpr(*outMap.getResultPosition(result), op.getContext())
                          : result);
  return AffineMap::get(outMap.getNumResults(), 0, results, op.getContext());
}

void tflc::subtractFromSums(ImplicitLocOpBuilder &b, OpOperand &init, Value values, AffineMap map,
                            int64_t factor) {
  auto type = cast<RankedTensorType>(init.get().getType());
  AffineMap identity = b.getMultiDimIdentityMap(type.getRank());
  Value empty = tensor::EmptyOp::create(b, tensor::getMixedSizes(b, b.getLoc(), init.get()),
                                        type.getElementType());
  auto difference = linalg::GenericOp::create(
      b, TypeRange{type}, ValueRange{init.get(), values}, ValueRange{empty},
      ArrayRef<AffineMap>{identity, map, identity},
      SmallVector<utils::IteratorType>(type.getRank(), utils::IteratorType::parallel),
      [&](OpBuilder &inner, Location at, ValueRange args) {
        Value value = args[1];
        if (factor != 1) {
          Value scale = arith::ConstantOp::create(inner, at, inner.getI32IntegerAttr(factor));
          value = arith::MulIOp::create(inner, at, value, scale);
        }
        linalg::YieldOp::create(inner, at,
                                arith::SubIOp::create(inner, at, args[0], value).getResult());
      });
  init.set(difference.getResult(0));
}

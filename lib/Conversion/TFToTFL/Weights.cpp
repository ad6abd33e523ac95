//===- Weights.cpp - weights and biases of products -----------------------===//
//
// Part of tflc, under the Apache License 2.0.
//
//===----------------------------------------------------------------------===//

#include "Weights.h"

#include "Builtin.h"

#include "TF/IR/BinaryOps.h"
#include "TF/IR/ElementwiseOps.h"
#include "TF/IR/ShapeOps.h"
#include "TFL/IR/ConstantOps.h"
#include "TFL/IR/ReshapeOps.h"

#include "mlir/Dialect/Quant/IR/QuantTypes.h"

using namespace mlir;
using namespace tflc;

Value Biased::getBias(OpBuilder &builder) const {
  if (bias)
    return bias;
  auto type = RankedTensorType::get({channels}, tf::getElementType(last->getResult(0)));
  return createConstant(builder, last->getLoc(),
                        tf::makeReals(type, std::vector<double>(channels)));
}

Biased tflc::takeBias(PatternRewriter &rewriter, Operation *product, int64_t channels) {
  Biased result = {{}, product, channels};
  Value value = product->getResult(0);
  if (!value.hasOneUse())
    return result;
  Operation *user = *value.user_begin();
  if (!isa<tf::AddOp, tf::AddV2Op, tf::BiasAddOp>(user) ||
      user->getResult(0).getType() != value.getType())
    return result;
  Value other = user->getOperand(user->getOperand(0) == value ? 1 : 0);
  DenseElementsAttr constant = getConstant(other);
  auto type = constant ? constant.getType() : ShapedType();
  if (!constant || !isa<FloatType>(constant.getElementType()))
    return result;
  // One number serves all channels; otherwise they stand in the last dimension.
  bool isVector = constant.getNumElements() == channels && type.getRank() > 0 &&
                  type.getShape().back() == channels;
  if (!isVector && constant.getNumElements() != 1)
    return result;
  if (type.getRank() > cast<RankedTensorType>(value.getType()).getRank())
    return result;
  std::vector<double> values = tf::getReals(constant);
  values.resize(channels, values.front());
  rewriter.setInsertionPoint(user);
  auto vector = RankedTensorType::get({channels}, constant.getElementType());
  result.bias = type == vector
                    ? other
                    : createConstant(rewriter, other.getLoc(), tf::makeReals(vector, values));
  result.last = user;
  return result;
}

/// The constant below a DEQUANTIZE; null for any other value.
static tfl::ConstOp getStoredWeights(Value value) {
  Operation *source = value.getDefiningOp();
  bool isDequantized = source && source->getName().getStringRef() == "tfl.dequantize";
  return isDequantized ? source->getOperand(0).getDefiningOp<tfl::ConstOp>() : tfl::ConstOp();
}

bool tflc::isStored(Value value) {
  return getConstant(value) != nullptr || getStoredWeights(value) != nullptr;
}

/// The same weights with integers `value`, whose axis of channels is now `axis`.
static Value dequantize(OpBuilder &builder, tfl::ConstOp weights, DenseElementsAttr value,
                        unsigned axis) {
  auto type = cast<RankedTensorType>(weights.getOutput().getType());
  Type element = type.getElementType();
  if (auto perAxis = dyn_cast<quant::UniformQuantizedPerAxisType>(element))
    element = quant::UniformQuantizedPerAxisType::get(
        perAxis.getFlags(), perAxis.getStorageType(), perAxis.getExpressedType(),
        perAxis.getScales(), perAxis.getZeroPoints(), axis, perAxis.getStorageTypeMin(),
        perAxis.getStorageTypeMax());
  ArrayRef<int64_t> shape = value.getType().getShape();
  Value stored =
      tfl::ConstOp::create(builder, weights.getLoc(), RankedTensorType::get(shape, element), value);
  return createBuiltinValue(builder, weights.getLoc(), "DEQUANTIZE",
                            RankedTensorType::get(shape, builder.getF32Type()), stored);
}

bool tflc::keepsOrder(ArrayRef<int64_t> shape, ArrayRef<int64_t> perm) {
  int64_t last = -1;
  for (int64_t dim : perm) {
    if (shape[dim] == 1)
      continue;
    if (dim < last)
      return false;
    last = dim;
  }
  return true;
}

Value tflc::transpose(OpBuilder &builder, Value value, ArrayRef<int64_t> perm) {
  if (tfl::ConstOp weights = getStoredWeights(value)) {
    auto stored = cast<DenseElementsAttr>(weights.getValue());
    ArrayRef<int64_t> shape = stored.getType().getShape();
    SmallVector<int64_t> permuted, from = tf::getStrides(shape);
    for (int64_t entry : perm)
      permuted.push_back(shape[entry]);
    SmallVector<int64_t> to = tf::getStrides(permuted);
    auto type = RankedTensorType::get(permuted, stored.getElementType());
    DenseElementsAttr moved = tf::pickElements(stored, type, [&](int64_t i) {
      int64_t at = 0;
      for (auto [dim, entry] : llvm::enumerate(perm))
        at += i / to[dim] % permuted[dim] * from[entry];
      return at;
    });
    // The channels were the last dimension.
    return dequantize(builder, weights, moved,
                      llvm::find(perm, int64_t(shape.size()) - 1) - perm.begin());
  }
  auto type = dyn_cast<RankedTensorType>(value.getType());
  if (type && type.hasStaticShape() && keepsOrder(type.getShape(), perm)) {
    // One view shows what two in a row do.
    Operation *view = value.getDefiningOp();
    if (isa_and_nonnull<tf::ExpandDimsOp, tf::ReshapeOp, tf::SqueezeOp, tfl::ReshapeOp>(view))
      value = view->getOperand(0);
    return reshape(builder, value,
                   llvm::map_to_vector(perm, [&](int64_t dim) { return type.getDimSize(dim); }));
  }
  Value order = createInts(builder, value.getLoc(), perm);
  return builder.createOrFold<tf::TransposeOp>(value.getLoc(), value, order);
}

Value tflc::reshape(OpBuilder &builder, Value value, ArrayRef<int64_t> shape) {
  if (tfl::ConstOp weights = getStoredWeights(value)) {
    auto stored = cast<DenseElementsAttr>(weights.getValue());
    auto type = RankedTensorType::get(shape, stored.getElementType());
    return dequantize(builder, weights, stored.reshape(type), shape.size() - 1);
  }
  Value sizes = createInts(builder, value.getLoc(), shape);
  return builder.createOrFold<tf::ReshapeOp>(value.getLoc(), value, sizes);
}

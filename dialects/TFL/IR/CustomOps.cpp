//===- CustomOps.cpp - operators that are known by a name -----------------===//
//
// Part of tflc, under the Apache License 2.0.
//
//===----------------------------------------------------------------------===//

#include "TFL/IR/CustomOps.h"

#include "TFL/IR/ElementTypes.h"
#include "TFL/IR/ShapeValues.h"

#include "llvm/Support/MathExtras.h"

using namespace mlir;
using namespace tflc::tfl;

#define GET_OP_CLASSES
#include "TFL/IR/CustomOps.cpp.inc"

static constexpr int64_t kDynamic = ShapedType::kDynamic;

using Shapes = SmallVectorImpl<SmallVector<int64_t>>;

static RankedTensorType getTensorType(Value value) {
  return cast<RankedTensorType>(value.getType());
}

/// Checks the number of operands and results, their ranks, and that none is absent.
static LogicalResult verifyRanks(CustomOp op, ArrayRef<int64_t> ranks, unsigned numResults) {
  auto operands = op.getOperands();
  if (operands.size() != ranks.size() || op.getNumResults() != numResults)
    return op.emitError() << op.getCustomCode() << " has " << ranks.size() << " inputs and "
                          << numResults << " outputs, found " << operands.size() << " and "
                          << op.getNumResults();
  for (auto [i, operand, rank] : llvm::enumerate(operands, ranks)) {
    if (!isPresent(operand))
      return op.emitError() << "input " << i << " is absent";
    if (getTensorType(operand).getRank() != rank)
      return op.emitError() << "input " << i << " must have " << rank << " dimensions, found shape "
                            << getShapeText(getTensorType(operand).getShape());
  }
  return success();
}

static LogicalResult verifyFloats(CustomOp op, ValueRange values) {
  for (Value value : values)
    if (!getElementTypeOrSelf(value.getType()).isF32())
      return op.emitError("must be float32, found ") << getElementTypeName(value.getType());
  return success();
}

/// Whether sizes agree as far as they are known.
static bool canBeEqual(int64_t one, int64_t two) {
  return ShapedType::isDynamic(one) || ShapedType::isDynamic(two) || one == two;
}

//===----------------------------------------------------------------------===//
// TFLite_Detection_PostProcess
//===----------------------------------------------------------------------===//

static LogicalResult infer(CustomOp op, const DetectionOptions &options, Shapes &shapes) {
  if (failed(verifyRanks(op, {3, 3, 2}, 4)))
    return failure();
  constexpr int64_t maxCount = 1 << 20;
  auto isCount = [](int64_t value, int64_t least) { return value >= least && value <= maxCount; };
  if (!isCount(options.maxDetections, 0) || !isCount(options.maxClassesPerDetection, 1) ||
      !isCount(options.numClasses, 1) || !isCount(options.detectionsPerClass, 1) ||
      options.maxDetections * options.maxClassesPerDetection > maxCount)
    return op.emitError("a number in the options is not in its range");
  if (!(options.overlapThreshold > 0) || options.overlapThreshold > 1)
    return op.emitError("nms_iou_threshold must be in (0, 1], found ") << options.overlapThreshold;
  for (float scale : {options.yScale, options.xScale, options.heightScale, options.widthScale})
    if (!(scale != 0))
      return op.emitError("a scale in the options is zero");

  ArrayRef<int64_t> boxes = getTensorType(op.getOperand(0)).getShape();
  ArrayRef<int64_t> scores = getTensorType(op.getOperand(1)).getShape();
  ArrayRef<int64_t> anchors = getTensorType(op.getOperand(2)).getShape();
  if (!canBeEqual(boxes[0], 1) || !canBeEqual(scores[0], 1) || !canBeEqual(boxes[1], scores[1]) ||
      !canBeEqual(boxes[1], anchors[0]) || anchors[1] != 4 || boxes[2] < 4)
    return op.emitError("boxes ") << getShapeText(boxes) << ", scores " << getShapeText(scores)
                                  << " and anchors " << getShapeText(anchors)
                                  << " do not fit together";
  int64_t background = scores[2] - options.numClasses;
  if (ShapedType::isDynamic(scores[2]) || background < 0 || background > 1)
    return op.emitError("scores of shape ")
           << getShapeText(scores) << " are not for " << options.numClasses << " classes";
  for (Value operand : op.getOperands()) {
    Type type = getElementTypeOrSelf(operand.getType());
    if (!type.isF32() && !(getQuantization(type) && isStoredInteger(type, 8, /*isSigned=*/false)))
      return op.emitError("inputs must be float32 or quantized uint8, found ")
             << getElementTypeName(type);
  }
  if (failed(verifyFloats(op, op.getResults())))
    return failure();
  int64_t count = options.maxDetections * options.maxClassesPerDetection;
  shapes.push_back({1, count, 4});
  shapes.push_back({1, count});
  shapes.push_back({1, count});
  shapes.push_back({1});
  return success();
}

//===----------------------------------------------------------------------===//
// AudioSpectrogram, Mfcc
//===----------------------------------------------------------------------===//

static LogicalResult infer(CustomOp op, const SpectrogramOptions &options, Shapes &shapes) {
  if (failed(verifyRanks(op, {2}, 1)) || failed(verifyFloats(op, op.getOperands())) ||
      failed(verifyFloats(op, op.getResults())))
    return failure();
  constexpr int64_t maxWindow = 1 << 16;
  if (options.windowSize < 2 || options.windowSize > maxWindow || options.stride < 1)
    return op.emitError("a window of ")
           << options.windowSize << " with a stride of " << options.stride << " is not supported";
  ArrayRef<int64_t> input = getTensorType(op.getOperand(0)).getShape();
  int64_t frames = kDynamic;
  if (!ShapedType::isDynamic(input[0]))
    frames =
        input[0] < options.windowSize ? 0 : 1 + (input[0] - options.windowSize) / options.stride;
  shapes.push_back({input[1], frames, 1 + int64_t(llvm::PowerOf2Ceil(options.windowSize)) / 2});
  return success();
}

static LogicalResult infer(CustomOp op, const MfccOptions &options, Shapes &shapes) {
  if (op.getNumOperands() == 0 || op.getNumOperands() > 2 || op.getNumResults() != 1)
    return op.emitError("Mfcc has a spectrogram, a sample rate and one output");
  if (failed(verifyFloats(op, op.getOperand(0))) || failed(verifyFloats(op, op.getResults())))
    return failure();
  if (getTensorType(op.getOperand(0)).getRank() != 3 || op.getNumOperands() != 2 ||
      !isPresent(op.getOperand(1)))
    return op.emitError("the spectrogram must have three dimensions, and a sample rate beside it");
  std::optional<int64_t> rate = evaluateInt(op.getOperand(1));
  if (!rate || *rate <= 0)
    return op.emitError("the sample rate must be a positive constant");
  ArrayRef<int64_t> input = getTensorType(op.getOperand(0)).getShape();
  constexpr int64_t maxCount = 1 << 12;
  if (ShapedType::isDynamic(input[2]) || input[2] < 2 || options.numChannels < 1 ||
      options.numChannels > maxCount || options.numCoefficients < 1 ||
      options.numCoefficients > options.numChannels)
    return op.emitError("a spectrogram of shape ")
           << getShapeText(input) << " does not give " << options.numCoefficients
           << " coefficients of " << options.numChannels << " channels";
  if (!(options.lowerFrequency >= 0) || !(options.upperFrequency > options.lowerFrequency))
    return op.emitError("the frequency limits ")
           << options.lowerFrequency << " and " << options.upperFrequency << " are no range";
  shapes.push_back({input[0], input[1], options.numCoefficients});
  return success();
}

//===----------------------------------------------------------------------===//
// Convolution2DTransposeBias, MaxPoolingWithArgmax2D, MaxUnpooling2D
//===----------------------------------------------------------------------===//

static int64_t getPooledSize(int64_t input, int64_t filter, int64_t stride, bool isSame) {
  if (ShapedType::isDynamic(input))
    return kDynamic;
  int64_t size = isSame ? input : input - filter + 1;
  return size <= 0 ? 0 : int64_t(llvm::divideCeil(uint64_t(size), uint64_t(stride)));
}

static LogicalResult infer(CustomOp op, const WindowOptions &options, Shapes &shapes) {
  StringRef name = op.getCustomCode();
  if (name == "Convolution2DTransposeBias") {
    if (failed(verifyRanks(op, {4, 4, 1}, 1)) || failed(verifyFloats(op, op.getOperands())) ||
        failed(verifyFloats(op, op.getResults())))
      return failure();
    ArrayRef<int64_t> input = getTensorType(op.getOperand(0)).getShape();
    ArrayRef<int64_t> filter = getTensorType(op.getOperand(1)).getShape();
    if (!canBeEqual(input[3], filter[3]) ||
        !canBeEqual(filter[0], getTensorType(op.getOperand(2)).getDimSize(0)))
      return op.emitError("an input of shape ")
             << getShapeText(input) << " does not fit a filter of shape " << getShapeText(filter);
    auto getSize = [&](int64_t size, int64_t stride, int64_t taps) {
      if (ShapedType::isDynamic(size) || ShapedType::isDynamic(taps) || size == 0)
        return size == 0 ? 0 : kDynamic;
      int64_t whole = (size - 1) * stride + taps;
      int64_t padding = taps - (size - 1) % stride - 1;
      return options.isSame ? whole - std::max<int64_t>(padding, 0) : whole;
    };
    shapes.push_back({input[0], getSize(input[1], options.strideY, filter[1]),
                      getSize(input[2], options.strideX, filter[2]), filter[0]});
    return success();
  }
  bool isUnpooling = name == "MaxUnpooling2D";
  if (failed(isUnpooling ? verifyRanks(op, {4, 4}, 1) : verifyRanks(op, {4}, 2)))
    return failure();
  SmallVector<Value> values(op.getOperands());
  llvm::append_range(values, op.getResults());
  for (Value value : values)
    if (failed(verifyFloats(op, value)))
      return failure();
  ArrayRef<int64_t> input = getTensorType(op.getOperand(0)).getShape();
  if (isUnpooling) {
    if (!llvm::all_of_zip(input, getTensorType(op.getOperand(1)).getShape(), canBeEqual))
      return op.emitError("the indices must have the shape of the input, ") << getShapeText(input);
    auto getSize = [&](int64_t size, int64_t filter) {
      return ShapedType::isDynamic(size) ? kDynamic : size * filter;
    };
    shapes.push_back({input[0], getSize(input[1], options.filterY),
                      getSize(input[2], options.filterX), input[3]});
    return success();
  }
  SmallVector<int64_t> shape = {
      input[0], getPooledSize(input[1], options.filterY, options.strideY, options.isSame),
      getPooledSize(input[2], options.filterX, options.strideX, options.isSame), input[3]};
  shapes.append(2, shape);
  return success();
}

static LogicalResult infer(CustomOp op, std::monostate, Shapes &) {
  if (isKnownCustomOperator(op.getCustomCode()))
    return op.emitError("the options of ") << op.getCustomCode() << " are malformed";
  return op.emitError("custom operator \"") << op.getCustomCode() << "\" is not supported";
}

/// A function of the user gets shapes and does not choose them: all are known.
static LogicalResult inferCall(CustomOp op, Shapes &shapes) {
  for (Type type : op->getOperandTypes())
    if (auto tensor = dyn_cast<RankedTensorType>(type); tensor && !tensor.hasStaticShape())
      return op.emitError("the function ")
             << *op.getFunction() << " needs known shapes, found "
             << getShapeText(tensor.getShape()) << "; --shape fixes those of inputs";
  for (Value result : op.getResults()) {
    shapes.emplace_back(getTensorType(result).getShape());
    if (llvm::is_contained(shapes.back(), kDynamic))
      return op.emitError("the function ") << *op.getFunction() << " needs known shapes";
  }
  return success();
}

LogicalResult CustomOp::verify() { return verifyShapes(*this); }

LogicalResult CustomOp::inferShapes(SmallVectorImpl<SmallVector<int64_t>> &shapes) {
  if (getFunction())
    return inferCall(*this, shapes);
  return std::visit([&](const auto &options) { return infer(*this, options, shapes); },
                    parseCustomOptions(getCustomCode(), getCustomOptions()));
}

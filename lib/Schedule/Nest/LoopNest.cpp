//===- LoopNest.cpp - a kernel as dimensions and linear accesses ----------===//
//
// Part of tflc, under the Apache License 2.0.
//
//===----------------------------------------------------------------------===//

#include "LoopNest.h"

#include "Accesses.h"
#include "PooledNest.h"

#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/IR/AffineExpr.h"
#include "llvm/ADT/Sequence.h"

using namespace mlir;
using namespace tflc;

DenseElementsAttr tflc::getConstantValues(Value buffer) {
  auto get = buffer.getDefiningOp<memref::GetGlobalOp>();
  if (!get)
    return {};
  auto global = SymbolTable::lookupNearestSymbolFrom<memref::GlobalOp>(get, get.getNameAttr());
  if (!global || !global.getConstant() || !global.getInitialValue())
    return {};
  return dyn_cast<DenseElementsAttr>(*global.getInitialValue());
}

ByteLookup tflc::matchByteLookup(memref::LoadOp load) {
  MemRefType type = load.getMemRefType();
  if (type.getRank() != 1 || type.getDimSize(0) != 256 || !type.getElementType().isInteger(8))
    return {};
  auto cast = load.getIndices()[0].getDefiningOp<arith::IndexCastUIOp>();
  if (!cast || !cast.getIn().getType().isInteger(8))
    return {};
  DenseElementsAttr table = getConstantValues(load.getMemRef());
  return table ? ByteLookup{table, cast.getIn()} : ByteLookup{};
}

/// Whether `value` is the same in all iterations of loop `dim`, the others being equal.
static bool isInvariantIn(unsigned dim, Value value, const Stage &stage) {
  if (value.getParentBlock() != stage.body())
    return true;
  if (auto argument = dyn_cast<BlockArgument>(value)) {
    unsigned number = argument.getArgNumber();
    return number < stage.inputs.size() &&
           (stage.inputs[number].scalar || stage.inputs[number].isInvariantIn(dim));
  }
  Operation *op = value.getDefiningOp();
  if (auto index = dyn_cast<linalg::IndexOp>(op))
    return index.getDim() != dim;
  return llvm::all_of(op->getOperands(),
                      [&](Value operand) { return isInvariantIn(dim, operand, stage); });
}

bool tflc::readsRunAlong(unsigned dim, memref::LoadOp load, const Stage &stage) {
  if (load.getIndices().empty() || !load.getMemRefType().isLastDimUnitStride())
    return false;
  auto last = load.getIndices().back().getDefiningOp<linalg::IndexOp>();
  return last && last.getDim() == dim &&
         llvm::all_of(load.getIndices().drop_back(),
                      [&](Value index) { return isInvariantIn(dim, index, stage); });
}

static std::optional<Stage> makeStage(linalg::LinalgOp op, ArrayRef<unsigned> dims,
                                      unsigned numDims, Value accumulator) {
  Stage stage;
  stage.op = op;
  for (OpOperand *operand : op.getDpsInputOperands()) {
    auto access = makeAccess(operand->get(), op.getMatchingIndexingMap(operand), dims, numDims);
    if (!access)
      return std::nullopt;
    stage.inputs.push_back(*access);
    stage.readsAccumulator.push_back(accumulator && operand->get() == accumulator);
  }
  if (op.getNumDpsInits() != 1)
    return std::nullopt;
  OpOperand *init = op.getDpsInitOperand(0);
  auto access = makeAccess(init->get(), op.getMatchingIndexingMap(init), dims, numDims);
  if (!access)
    return std::nullopt;
  stage.output = *access;
  return stage;
}

/// The loops of the nest, of which `main` has all; false where a size is not known.
static bool addDims(linalg::LinalgOp main, LoopNest &nest) {
  SmallVector<int64_t> sizes = main.getStaticLoopRanges();
  if (llvm::any_of(sizes, ShapedType::isDynamic))
    return false;
  for (auto [size, iterator] : llvm::zip_equal(sizes, main.getIteratorTypesArray()))
    nest.dims.push_back({size, iterator == utils::IteratorType::reduction});
  return true;
}

/// Whether all that the op computes is done element by element.
static bool isElementwiseBody(linalg::LinalgOp op) {
  return llvm::all_of(op.getBlock()->without_terminator(), [](Operation &inner) {
    return isa<arith::ConstantOp, linalg::IndexOp, memref::LoadOp>(inner) ||
           OpTrait::hasElementwiseMappableTraits(&inner);
  });
}

/// The loops of the nest along the dimensions of the accumulator, which the other stages run in.
/// False where these are not the parallel loops.
static bool findParallelLoops(linalg::LinalgOp reduction, SmallVectorImpl<unsigned> &parallel) {
  AffineMap map = reduction.getMatchingIndexingMap(reduction.getDpsInitOperand(0));
  if (!map.isProjectedPermutation())
    return false;
  for (AffineExpr result : map.getResults())
    parallel.push_back(cast<AffineDimExpr>(result).getPosition());
  return parallel.size() == reduction.getNumParallelLoops();
}

/// The stages around a reduction: what begins its accumulator, and what is made of it.
static bool addStages(ArrayRef<linalg::LinalgOp> ops, linalg::LinalgOp reduction,
                      ArrayRef<unsigned> parallel, LoopNest &nest) {
  unsigned numDims = nest.dims.size();
  nest.reduction =
      makeStage(reduction, llvm::to_vector(llvm::seq(numDims)), numDims, /*accumulator=*/nullptr);
  if (!nest.reduction)
    return false;
  Value accumulator = reduction.getDpsInits()[0];
  for (linalg::LinalgOp op : ops) {
    if (op == reduction)
      continue;
    std::optional<Stage> stage = makeStage(op, parallel, numDims, accumulator);
    if (!stage || op.hasDynamicShape())
      return false;
    (op->isBeforeInBlock(reduction) ? nest.init : nest.epilogue) = stage;
  }
  return true;
}

std::optional<LoopNest> tflc::analyzeKernel(tflrt::KernelOp kernel) {
  SmallVector<linalg::LinalgOp> ops(kernel.getBody().front().getOps<linalg::LinalgOp>());
  if (ops.empty() || !llvm::all_of(ops, isElementwiseBody))
    return std::nullopt;
  LoopNest nest;
  for (linalg::LinalgOp op : ops)
    op->walk([&](linalg::IndexOp) { nest.usesIndices = true; });
  if (!takePooling(ops, nest.pooling))
    return std::nullopt;
  linalg::LinalgOp reduction;
  for (linalg::LinalgOp op : ops)
    if (op.getNumReductionLoops() > 0)
      reduction = op;
  if (!addDims(reduction ? reduction : ops.front(), nest))
    return std::nullopt;
  if (!reduction) {
    unsigned numDims = nest.dims.size();
    if (ops.size() == 1)
      nest.epilogue = makeStage(ops.front(), llvm::to_vector(llvm::seq(numDims)), numDims,
                                /*accumulator=*/nullptr);
    return nest.epilogue ? std::optional(nest) : std::nullopt;
  }
  // Loop variables differ from stage to stage.
  if (nest.usesIndices)
    return std::nullopt;
  SmallVector<unsigned> parallel;
  if (!findParallelLoops(reduction, parallel) || !addStages(ops, reduction, parallel, nest) ||
      (nest.pooling && !poolResults(nest, parallel)))
    return std::nullopt;
  return nest;
}

void LoopNest::forEachAccess(function_ref<void(LinearAccess &)> callback) {
  for (std::optional<Stage> *stage : {&init, &reduction, &epilogue}) {
    if (!*stage)
      continue;
    for (LinearAccess &input : (*stage)->inputs)
      callback(input);
    callback((*stage)->output);
  }
}

void LoopNest::mergeDims() {
  if (usesIndices)
    return;
  auto erase = [&](unsigned dim) {
    dims.erase(dims.begin() + dim);
    forEachAccess([&](LinearAccess &access) {
      access.coefficients.erase(access.coefficients.begin() + dim);
    });
  };
  for (unsigned dim = 0; dim < dims.size();) {
    if (dims[dim].size == 1 && dims.size() > 1) {
      // The last reduction loop stays, so that the kernel keeps its form.
      unsigned reductions = llvm::count_if(dims, [](LoopDim d) { return d.isReduction; });
      if (!dims[dim].isReduction || reductions > 1) {
        erase(dim);
        continue;
      }
    }
    ++dim;
  }
  for (unsigned inner = dims.size(); inner-- > 1;) {
    unsigned outer = inner - 1;
    if (dims[outer].isReduction != dims[inner].isReduction ||
        dims[outer].isWindow != dims[inner].isWindow)
      continue;
    bool joins = true;
    forEachAccess([&](LinearAccess &access) {
      joins &= access.coefficients[outer] == access.coefficients[inner] * dims[inner].size;
    });
    if (!joins)
      continue;
    dims[inner].size *= dims[outer].size;
    erase(outer);
  }
}

/// Repeats the elements along loop `dim`, from 0 on contiguous, `count` times each run; the loops
/// that the access depends on become those of a dense array, in their order.
static void repeatRuns(LinearAccess &access, ArrayRef<LoopDim> dims, unsigned dim, int64_t count) {
  ArrayRef<char> source = access.constant.getRawData();
  int64_t bytes = access.elementType.getIntOrFloatBitWidth() / 8, run = dims[dim].size;
  SmallVector<int64_t> starts{access.offset}, coefficients(dims.size(), 0);
  int64_t stride = count * run;
  for (unsigned d = 0; d < dims.size(); ++d) {
    if (d == dim || access.coefficients[d] == 0)
      continue;
    SmallVector<int64_t> next;
    for (int64_t start : starts)
      for (int64_t i = 0; i < dims[d].size; ++i)
        next.push_back(start + i * access.coefficients[d]);
    starts = std::move(next);
  }
  for (unsigned d = dims.size(); d-- > 0;)
    if (d != dim && access.coefficients[d] != 0) {
      coefficients[d] = stride;
      stride *= dims[d].size;
    }
  coefficients[dim] = 1;
  std::vector<char> repeated;
  for (int64_t start : starts)
    for (int64_t i = 0; i < count; ++i) {
      ArrayRef<char> part = source.slice(start * bytes, run * bytes);
      repeated.insert(repeated.end(), part.begin(), part.end());
    }
  int64_t elements = repeated.size() / bytes;
  access.constant = DenseElementsAttr::getFromRawBuffer(
      RankedTensorType::get({elements}, access.elementType), repeated);
  access.coefficients = std::move(coefficients);
  access.offset = 0;
  access.buffer = nullptr;
}

bool LoopNest::joinNeighbours(int64_t count) {
  if (usesIndices)
    return false;
  const LinearAccess &output = last().output;
  std::optional<unsigned> inner, outer;
  for (auto [dim, info] : llvm::enumerate(dims))
    if (!info.isReduction && output.coefficients[dim] == 1)
      inner = dim;
  for (auto [dim, info] : llvm::enumerate(dims))
    if (inner && !info.isReduction && output.coefficients[dim] == dims[*inner].size)
      outer = dim;
  if (!outer || dims[*outer].size % count != 0)
    return false;
  auto isRepeated = [&](const LinearAccess &access) {
    return access.constant && !access.constant.isSplat() && !access.startsAtRunTime &&
           access.elementType.isIntOrFloat() &&
           access.elementType.getIntOrFloatBitWidth() % 8 == 0 &&
           access.coefficients[*inner] == 1 && access.coefficients[*outer] == 0;
  };
  bool joins = true;
  forEachAccess([&](LinearAccess &access) {
    bool isOne = access.coefficients[*outer] == access.coefficients[*inner] * dims[*inner].size;
    joins &= access.scalar || (access.constant && access.constant.isSplat()) || isOne ||
             isRepeated(access);
  });
  if (!joins)
    return false;
  forEachAccess([&](LinearAccess &access) {
    if (isRepeated(access))
      repeatRuns(access, dims, *inner, count);
    else
      access.coefficients[*outer] *= count;
  });
  dims[*inner].size *= count;
  dims[*outer].size /= count;
  return true;
}

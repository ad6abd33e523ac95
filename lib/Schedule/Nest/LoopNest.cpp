//===- LoopNest.cpp - a kernel as dimensions and linear accesses ----------===//
//
// Part of tflc, under the Apache License 2.0.
//
//===----------------------------------------------------------------------===//

#include "LoopNest.h"

#include "NonDecreasing.h"

#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/IR/AffineExpr.h"

using namespace mlir;
using namespace tflc;

/// Adds `scale` * `expr` to the access; false where it is not linear in the loop variables.
static bool addLinear(AffineExpr expr, int64_t scale, LinearAccess &access) {
  if (auto constant = dyn_cast<AffineConstantExpr>(expr)) {
    access.offset += scale * constant.getValue();
    return true;
  }
  if (auto dim = dyn_cast<AffineDimExpr>(expr)) {
    access.coefficients[dim.getPosition()] += scale;
    return true;
  }
  auto binary = dyn_cast<AffineBinaryOpExpr>(expr);
  if (!binary)
    return false;
  if (binary.getKind() == AffineExprKind::Add)
    return addLinear(binary.getLHS(), scale, access) && addLinear(binary.getRHS(), scale, access);
  if (binary.getKind() == AffineExprKind::Mul) {
    if (auto factor = dyn_cast<AffineConstantExpr>(binary.getRHS()))
      return addLinear(binary.getLHS(), scale * factor.getValue(), access);
    if (auto factor = dyn_cast<AffineConstantExpr>(binary.getLHS()))
      return addLinear(binary.getRHS(), scale * factor.getValue(), access);
  }
  return false;
}

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

/// `dims` maps the loops of the op to those of the nest.
static std::optional<LinearAccess> makeAccess(Value operand, AffineMap map, ArrayRef<unsigned> dims,
                                              unsigned numDims) {
  LinearAccess access;
  access.coefficients.assign(numDims, 0);
  auto type = dyn_cast<MemRefType>(operand.getType());
  // There are no vectors of complex numbers.
  if (isa<ComplexType>(getElementTypeOrSelf(operand.getType())))
    return std::nullopt;
  if (!type) {
    access.scalar = operand;
    access.elementType = operand.getType();
    return access;
  }
  SmallVector<int64_t> strides;
  int64_t offset = 0;
  if (!type.hasStaticShape() || failed(type.getStridesAndOffset(strides, offset)) ||
      llvm::any_of(strides, ShapedType::isDynamic))
    return std::nullopt;
  if (ShapedType::isDynamic(offset)) {
    access.startsAtRunTime = true;
    offset = 0;
  }
  access.buffer = operand;
  access.elementType = type.getElementType();
  access.offset = offset;
  access.constant = getConstantValues(operand);
  LinearAccess local = access;
  local.coefficients.assign(map.getNumDims(), 0);
  for (auto [result, stride] : llvm::zip_equal(map.getResults(), strides))
    if (!addLinear(result, stride, local))
      return std::nullopt;
  access.offset = local.offset;
  for (auto [position, coefficient] : llvm::enumerate(local.coefficients))
    access.coefficients[dims[position]] += coefficient;
  return access;
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

/// Takes the ops of a pooling behind the stages of a kernel away from `ops`; false where there is
/// one of an unknown kind. They are a fill, a reduction and an epilogue of their own.
static bool takePooling(SmallVectorImpl<linalg::LinalgOp> &ops, std::optional<Pooling> &pooling) {
  auto isReduction = [](linalg::LinalgOp op) { return op.getNumReductionLoops() > 0; };
  if (llvm::count_if(ops, isReduction) < 2)
    return true;
  auto last = std::prev(llvm::find_if(llvm::reverse(ops), isReduction).base());
  size_t at = last - ops.begin();
  Pooling found;
  found.op = *last;
  auto fill = dyn_cast<linalg::FillOp>(ops[at - 1].getOperation());
  if (!fill || fill.output() != found.op.getDpsInits()[0] || ops.size() > at + 2)
    return false;
  auto initial = fill.value().getDefiningOp<arith::ConstantOp>();
  if (!initial)
    return false;
  found.initial = initial.getValue();
  if (ops.size() == at + 2)
    found.epilogue = ops[at + 1];
  ops.truncate(at - 1);
  pooling = found;
  return true;
}

/// Makes the last stage of `nest` write where the pooling does: its loops along the windows are cut
/// into those from window to window and those in it. `loops` are those of the dimensions of what
/// is pooled. False where windows overlap or do not begin at the first element.
static bool cutIntoWindows(LoopNest &nest, ArrayRef<unsigned> loops) {
  linalg::LinalgOp pool = nest.pooling->op;
  AffineMap inputs = pool.getMatchingIndexingMap(pool.getDpsInputOperand(0));
  AffineMap outputs = pool.getMatchingIndexingMap(pool.getDpsInitOperand(0));
  linalg::LinalgOp writer = nest.pooling->epilogue ? nest.pooling->epilogue : pool;
  if (!outputs.isIdentity() && !outputs.isProjectedPermutation())
    return false;
  SmallVector<int64_t> sizes = pool.getStaticLoopRanges();
  if (llvm::any_of(sizes, ShapedType::isDynamic) || inputs.getNumResults() != loops.size())
    return false;

  // For each loop of the pooling along results the loop of the nest, and the size of a window.
  SmallVector<unsigned> loopOf(pool.getNumLoops(), 0);
  SmallVector<int64_t> windows(loops.size(), 1);
  unsigned windowLoops = 0;
  for (auto [i, expr] : llvm::enumerate(inputs.getResults())) {
    LinearAccess linear;
    linear.coefficients.assign(pool.getNumLoops(), 0);
    if (!addLinear(expr, 1, linear) || linear.offset != 0)
      return false;
    std::optional<unsigned> along;
    int64_t stride = 0;
    for (auto [loop, coefficient] : llvm::enumerate(linear.coefficients)) {
      if (coefficient == 0)
        continue;
      if (pool.getIteratorTypesArray()[loop] == utils::IteratorType::reduction) {
        if (coefficient != 1)
          return false;
        windows[i] *= sizes[loop];
        ++windowLoops;
        continue;
      }
      if (along)
        return false;
      along = loop;
      stride = coefficient;
    }
    if (!along || (stride != windows[i] && sizes[*along] != 1))
      return false;
    loopOf[*along] = loops[i];
    nest.dims[loops[i]].size = sizes[*along];
  }
  if (windowLoops != pool.getNumReductionLoops())
    return false;

  // What becomes of the last stage's output, in the loops of the nest.
  SmallVector<unsigned> written;
  for (AffineExpr result : outputs.getResults())
    written.push_back(loopOf[cast<AffineDimExpr>(result).getPosition()]);
  OpOperand *init = writer.getDpsInitOperand(0);
  SmallVector<unsigned> dims = nest.pooling->epilogue ? written : loopOf;
  auto output =
      makeAccess(init->get(), writer.getMatchingIndexingMap(init), dims, nest.dims.size());
  if (!output)
    return false;

  // Accumulators and results in between are not in memory.
  auto forget = [](LinearAccess &access) {
    access.coefficients.assign(access.coefficients.size(), 0);
    access.offset = 0;
  };
  forget(nest.init->output);
  forget(nest.reduction->output);
  if (nest.epilogue) {
    for (auto [input, isAccumulator] :
         llvm::zip_equal(nest.epilogue->inputs, nest.epilogue->readsAccumulator))
      if (isAccumulator)
        forget(input);
    output->elementType = nest.epilogue->output.elementType;
    nest.epilogue->output = *output;
  } else {
    nest.reduction->output = *output;
  }

  // The loops in the windows come right behind those from window to window.
  unsigned behind = 0;
  for (auto [i, loop] : llvm::enumerate(loops))
    if (windows[i] > 1)
      behind = std::max(behind, loop + 1);
  for (auto [i, loop] : llvm::enumerate(loops)) {
    if (windows[i] == 1)
      continue;
    nest.dims.insert(nest.dims.begin() + behind, {windows[i], false, true});
    const LinearAccess *pooled = &nest.last().output;
    int64_t window = windows[i];
    nest.forEachAccess([&, along = loop](LinearAccess &access) {
      int64_t inWindow = &access == pooled ? 0 : access.coefficients[along];
      if (&access != pooled)
        access.coefficients[along] *= window;
      access.coefficients.insert(access.coefficients.begin() + behind, inWindow);
    });
    ++behind;
  }
  return true;
}

std::optional<LoopNest> tflc::analyzeKernel(tflrt::KernelOp kernel) {
  SmallVector<linalg::LinalgOp> ops(kernel.getBody().front().getOps<linalg::LinalgOp>());
  if (ops.empty())
    return std::nullopt;
  LoopNest nest;
  linalg::LinalgOp reduction;
  for (linalg::LinalgOp op : ops) {
    for (Operation &inner : op.getBlock()->without_terminator())
      if (!isa<arith::ConstantOp, linalg::IndexOp, memref::LoadOp>(inner) &&
          !OpTrait::hasElementwiseMappableTraits(&inner))
        return std::nullopt;
    op->walk([&](linalg::IndexOp) { nest.usesIndices = true; });
  }
  if (!takePooling(ops, nest.pooling))
    return std::nullopt;
  for (linalg::LinalgOp op : ops)
    if (op.getNumReductionLoops() > 0)
      reduction = op;
  linalg::LinalgOp main = reduction ? reduction : ops.front();
  SmallVector<int64_t> sizes = main.getStaticLoopRanges();
  if (llvm::any_of(sizes, ShapedType::isDynamic))
    return std::nullopt;
  for (auto [size, iterator] : llvm::zip_equal(sizes, main.getIteratorTypesArray()))
    nest.dims.push_back({size, iterator == utils::IteratorType::reduction});
  unsigned numDims = nest.dims.size();
  SmallVector<unsigned> identity(numDims);
  for (unsigned i = 0; i < numDims; ++i)
    identity[i] = i;

  if (!reduction) {
    if (ops.size() != 1)
      return std::nullopt;
    nest.epilogue = makeStage(main, identity, numDims, nullptr);
    if (!nest.epilogue)
      return std::nullopt;
    return nest;
  }

  // Loops of the other stages are the dimensions of the accumulator.
  OpOperand *accumulator = reduction.getDpsInitOperand(0);
  AffineMap map = reduction.getMatchingIndexingMap(accumulator);
  if (!map.isProjectedPermutation())
    return std::nullopt;
  SmallVector<unsigned> parallel;
  for (AffineExpr result : map.getResults())
    parallel.push_back(cast<AffineDimExpr>(result).getPosition());
  if (parallel.size() != reduction.getNumParallelLoops())
    return std::nullopt;

  nest.reduction = makeStage(reduction, identity, numDims, nullptr);
  if (!nest.reduction)
    return std::nullopt;
  for (linalg::LinalgOp op : ops) {
    if (op == reduction)
      continue;
    bool before = op->isBeforeInBlock(reduction);
    auto stage = makeStage(op, parallel, numDims, accumulator->get());
    if (!stage)
      return std::nullopt;
    if (before)
      nest.init = stage;
    else
      nest.epilogue = stage;
    if (op->getBlock() == reduction->getBlock() && op.hasDynamicShape())
      return std::nullopt;
  }
  if (nest.usesIndices && nest.reduction)
    return std::nullopt; // loop variables differ from stage to stage
  if (nest.pooling) {
    // The loops of the dimensions of what is pooled.
    linalg::LinalgOp last = nest.last().op;
    AffineMap written = last.getMatchingIndexingMap(last.getDpsInitOperand(0));
    if (!nest.init || (nest.epilogue && !written.isPermutation()))
      return std::nullopt;
    SmallVector<unsigned> loops = parallel;
    if (nest.epilogue)
      for (auto [i, result] : llvm::enumerate(written.getResults()))
        loops[i] = parallel[cast<AffineDimExpr>(result).getPosition()];
    if (!cutIntoWindows(nest, loops))
      return std::nullopt;
    // The least byte changes no largest one.
    auto isLargest = [](linalg::LinalgOp op) {
      return isa_and_present<arith::MaxSIOp>(
          op.getBlock()->getTerminator()->getOperand(0).getDefiningOp());
    };
    auto dependsOnPlace = [&](const LinearAccess &access) {
      return llvm::any_of(llvm::enumerate(nest.dims), [&](auto dim) {
        return dim.value().isWindow && access.coefficients[dim.index()] != 0;
      });
    };
    auto initial = dyn_cast<IntegerAttr>(nest.pooling->initial);
    nest.pooling->ofAccumulators =
        nest.epilogue && !nest.pooling->epilogue && initial &&
        initial.getValue().isMinSignedValue() && isLargest(nest.pooling->op) &&
        llvm::none_of(nest.epilogue->inputs, dependsOnPlace) && neverDecreases(*nest.epilogue);
  }
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

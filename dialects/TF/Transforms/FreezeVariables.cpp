//===- FreezeVariables.cpp - variables that are constants -----------------===//
//
// Part of tflc, under the Apache License 2.0.
//
//===----------------------------------------------------------------------===//

#include "PatternHelpers.h"

#include "TF/IR/AttributeNames.h"
#include "TF/IR/BinaryOps.h"
#include "TF/IR/ConstantOps.h"
#include "TF/IR/ControlOps.h"
#include "TF/IR/ElementwiseOps.h"
#include "TF/IR/ReductionOps.h"
#include "TF/IR/ShapeOps.h"
#include "TF/IR/SliceOps.h"
#include "TF/IR/VariableOps.h"
#include "TF/Transforms/Passes.h"

#include "llvm/ADT/TypeSwitch.h"

using namespace mlir;
using namespace tflc::tf;

namespace tflc::tf {
#define GEN_PASS_DEF_FREEZEVARIABLESPASS
#include "TF/Transforms/Passes.h.inc"
} // namespace tflc::tf

namespace {

class FreezeVariables : public tflc::tf::impl::FreezeVariablesPassBase<FreezeVariables> {
  void runOnOperation() override;
};

} // namespace

/// The op that makes a handle, which may have passed through identities.
static VarHandleOp getHandle(Value resource) {
  while (auto identity = resource.getDefiningOp<IdentityOp>())
    resource = identity.getInput();
  return resource.getDefiningOp<VarHandleOp>();
}

static bool isAssignment(Operation *op) {
  return isa<AssignVariableOp, AssignAddVariableOp, AssignSubVariableOp>(op);
}

static void makeConstant(Operation *op, ElementsAttr value) {
  OpBuilder builder(op);
  auto constant = [&] { return ConstOp::create(builder, op->getLoc(), value).getResult(); };
  if (isa<ReadVariableOp>(op)) {
    op->getResult(0).replaceAllUsesWith(constant());
  } else if (auto gather = dyn_cast<ResourceGatherOp>(op)) {
    auto scalar = RankedTensorType::get({}, builder.getI32Type());
    int32_t axis = int32_t(gather.getBatchDims());
    Value axisValue =
        ConstOp::create(builder, op->getLoc(), DenseElementsAttr::get(scalar, ArrayRef(axis)));
    op->getResult(0).replaceAllUsesWith(GatherV2Op::create(
        builder, op->getLoc(), constant(), gather.getIndices(), axisValue, gather.getBatchDims()));
  } else if (auto gather = dyn_cast<ResourceGatherNdOp>(op)) {
    op->getResult(0).replaceAllUsesWith(
        GatherNdOp::create(builder, op->getLoc(), constant(), gather.getIndices()));
  } else {
    return;
  }
  op->erase();
}

/// An update in place as a read, the arithmetic and an assignment.
static void expandUpdate(Operation *op, Type type) {
  OpBuilder builder(op);
  Value resource = op->getOperand(0);
  Value old = ReadVariableOp::create(builder, op->getLoc(), type, resource);
  Value next;
  if (isa<AssignAddVariableOp>(op))
    next = AddV2Op::create(builder, op->getLoc(), old, op->getOperand(1));
  else
    next = SubOp::create(builder, op->getLoc(), old, op->getOperand(1));
  AssignVariableOp::create(builder, op->getLoc(), resource, next);
  op->erase();
}

/// Whether a handle names the table.
static bool isTableUsed(TableOp table, ModuleOp module) {
  return module
      .walk([&](HashTableV2Op handle) {
        return handle.getSharedName() == table.getSymName() ? WalkResult::interrupt()
                                                            : WalkResult::advance();
      })
      .wasInterrupted();
}

/// A look-up in a table of constant numbers as a comparison with all keys. At most one is equal, so
/// that the sum over all is its value.
static void expandLookup(LookupTableFindV2Op op, DenseElementsAttr keys, DenseElementsAttr values) {
  OpBuilder builder(op);
  Location loc = op.getLoc();
  auto scalar = RankedTensorType::get({}, builder.getI32Type());
  Value last = ConstOp::create(builder, loc, DenseElementsAttr::get(scalar, int32_t(-1)));
  Value column = ExpandDimsOp::create(builder, loc, op.getKeys(), last);
  Value isEqual =
      EqualOp::create(builder, loc, column, ConstOp::create(builder, loc, keys).getResult());
  auto number = RankedTensorType::get({}, values.getElementType());
  Value zero = ConstOp::create(builder, loc,
                               isa<FloatType>(values.getElementType()) ? makeReals(number, 0.0)
                                                                       : makeIntegers(number, 0));
  Value parts = SelectV2Op::create(builder, loc, isEqual,
                                   ConstOp::create(builder, loc, values).getResult(), zero);
  Value sum = SumOp::create(builder, loc, parts, last, /*keep_dims=*/false);
  Value isFound = AnyOp::create(builder, loc, isEqual, last, /*keep_dims=*/false);
  Value result = SelectV2Op::create(builder, loc, isFound, sum, op.getDefaultValue());
  op.replaceAllUsesWith(result);
  op.erase();
}

/// The table of a handle; null where it is not known.
static TableOp findTable(Value handle, const SymbolTable &symbols) {
  while (auto identity = handle.getDefiningOp<IdentityOp>())
    handle = identity.getInput();
  auto made = handle.getDefiningOp<HashTableV2Op>();
  return made ? symbols.lookup<TableOp>(made.getSharedName()) : TableOp();
}

/// Whether all that looks up a table comes after an operation that fills it.
static bool isFirstUse(LookupTableImportV2Op import, StringRef table) {
  return !import->getParentOfType<ModuleOp>()
              .walk([&](HashTableV2Op handle) {
                bool isEarly = handle.getSharedName() == table &&
                               llvm::any_of(handle->getUsers(), [&](Operation *user) {
                                 return user != import && (user->getBlock() != import->getBlock() ||
                                                           user->isBeforeInBlock(import));
                               });
                return isEarly ? WalkResult::interrupt() : WalkResult::advance();
              })
              .wasInterrupted();
}

/// A table that the graph itself fills with constants has these from the beginning.
static void takeImports(ModuleOp module, SymbolTable &symbols) {
  module.walk([&](LookupTableImportV2Op op) {
    auto handle = op.getTableHandle().getDefiningOp<HashTableV2Op>();
    DenseElementsAttr keys = getConstant(op.getKeys()), values = getConstant(op.getValues());
    if (!handle || !keys || !values || symbols.lookup(handle.getSharedName()))
      return;
    OpBuilder builder = OpBuilder::atBlockEnd(module.getBody());
    auto table = TableOp::create(builder, op.getLoc(), handle.getSharedName(), keys, values);
    symbols.insert(table);
    // Operators fill tables of texts; those of numbers vanish.
    bool isNumeric = keys.getElementType().isInteger() && values.getElementType().isIntOrFloat();
    if (!isNumeric && isFirstUse(op, handle.getSharedName()))
      table->setAttr(filledByGraphAttr, builder.getUnitAttr());
    else
      op.erase();
  });
}

/// The content is constant, and so is the number of keys.
static void foldSizes(ModuleOp module, const SymbolTable &symbols) {
  module.walk([&](LookupTableSizeV2Op op) {
    TableOp table = findTable(op.getTableHandle(), symbols);
    if (!table)
      return;
    OpBuilder builder(op);
    auto scalar = RankedTensorType::get({}, builder.getI64Type());
    op.replaceAllUsesWith(ConstOp::create(builder, op.getLoc(),
                                          makeIntegers(scalar, table.getKeys().getNumElements()))
                              .getResult());
    op.erase();
  });
}

/// Expands look-ups where keys and values are numbers. Operators have tables of strings.
static void expandLookups(ModuleOp module) {
  SymbolTable symbols(module);
  takeImports(module, symbols);
  foldSizes(module, symbols);
  SmallVector<LookupTableFindV2Op> lookups;
  module.walk([&](LookupTableFindV2Op op) { lookups.push_back(op); });
  constexpr int64_t maxKeys = 1 << 12;
  for (LookupTableFindV2Op op : lookups) {
    TableOp table = findTable(op.getTableHandle(), symbols);
    auto keys = table ? dyn_cast<DenseElementsAttr>(table.getKeys()) : DenseElementsAttr();
    auto values = table ? dyn_cast<DenseElementsAttr>(table.getValues()) : DenseElementsAttr();
    if (keys && values && keys.getElementType().isInteger() &&
        values.getElementType().isIntOrFloat() && keys.getNumElements() <= maxKeys &&
        keys.getNumElements() == values.getNumElements())
      expandLookup(op, keys, values);
  }
  module.walk([](HashTableV2Op handle) {
    if (handle->use_empty())
      handle->erase();
  });
  for (TableOp table : llvm::make_early_inc_range(module.getOps<TableOp>()))
    if (!isTableUsed(table, module))
      table.erase();
}

void FreezeVariables::runOnOperation() {
  expandLookups(getOperation());
  SymbolTable symbols(getOperation());
  llvm::DenseSet<StringRef> assigned;
  SmallVector<std::pair<Operation *, GlobalOp>> uses;
  bool valid = true;
  getOperation().walk([&](Operation *op) {
    if (!isAssignment(op) && !isa<ReadVariableOp, ResourceGatherOp, ResourceGatherNdOp>(op))
      return;
    VarHandleOp handle = getHandle(op->getOperand(0));
    if (!handle) {
      op->emitError() << "which variable this is depends on values at run time";
      valid = false;
      return;
    }
    auto global = symbols.lookup<GlobalOp>(handle.getSharedName());
    if (!global) {
      op->emitError() << "variable \"" << handle.getSharedName() << "\" has no initial value";
      valid = false;
      return;
    }
    if (isAssignment(op))
      assigned.insert(global.getSymName());
    uses.emplace_back(op, global);
  });
  if (!valid)
    return signalPassFailure();
  for (auto [op, global] : uses) {
    Type type = global.getValue().getShapedType();
    if (!assigned.contains(global.getSymName()))
      makeConstant(op, global.getValue());
    else if (isa<AssignAddVariableOp, AssignSubVariableOp>(op))
      expandUpdate(op, type);
    else if (isa<ReadVariableOp>(op))
      op->getResult(0).setType(cast<TensorType>(type));
  }
  for (GlobalOp global : llvm::make_early_inc_range(getOperation().getOps<GlobalOp>()))
    if (!assigned.contains(global.getSymName()))
      global.erase();
}

//===- AccessLog.cpp - what an emitted kernel loads and stores ------------===//
//
// Part of tflc, under the Apache License 2.0.
//
//===----------------------------------------------------------------------===//

#include "AccessLog.h"

#include "TFLRT/IR/TFLRTDialect.h"

#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/MemRef/IR/MemRef.h"
#include "mlir/Dialect/SCF/IR/SCF.h"
#include "mlir/Dialect/Vector/IR/VectorOps.h"
#include "llvm/ADT/TypeSwitch.h"

using namespace mlir;
using namespace tflc;

namespace {

/// Addresses are numbers, too: that of an argument is its number times this, others lie behind.
constexpr int64_t apart = int64_t(1) << 40;

class Walker {
public:
  explicit Walker(func::FuncOp function) : function(function) {}

  AccessLog run(int64_t task) {
    for (auto [number, argument] : llvm::enumerate(function.getArguments()))
      known[argument] = argument.getType().isIndex() ? task : number * apart;
    walk(function.getBody().front());
    return std::move(log);
  }

private:
  void walk(Block &block) {
    for (Operation &op : block)
      visit(&op);
  }
  void visit(Operation *op);
  void visitFor(scf::ForOp op);
  void visitIf(scf::IfOp op);
  template <typename Op> void visitTile(Op op, bool isStore);
  void visitWordProducts(tflrt::WordProductsOp op);
  void visitIndex(Operation *op);
  int64_t valueOf(Value value) const { return known.lookup(value); }
  void copyAll(ValueRange from, ValueRange to) {
    SmallVector<int64_t> values; // first, as both may share some
    for (Value value : from)
      values.push_back(valueOf(value));
    for (auto [value, target] : llvm::zip_equal(values, to))
      known[target] = value;
  }
  void access(Value buffer, ValueRange indices, Type type, bool isStore);
  void accessBytes(int64_t address, int64_t bytes, bool isStore);
  void loadIndex(memref::LoadOp op);

  func::FuncOp function;
  DenseMap<Value, int64_t> known;           // indices, and where buffers begin
  SmallVector<int64_t> rowCounts, rowSizes; // of tile registers
  DenseMap<int64_t, DenseElementsAttr> constants;
  int64_t nextConstant = apart << 10;
  AccessLog log;
};

} // namespace

void Walker::accessBytes(int64_t address, int64_t bytes, bool isStore) {
  if (address < int64_t(function.getNumArguments()) * apart)
    log.accesses.push_back({unsigned(address / apart), address % apart, bytes, isStore});
}

void Walker::access(Value buffer, ValueRange indices, Type type, bool isStore) {
  auto memory = cast<MemRefType>(buffer.getType());
  int64_t size = memory.getElementTypeBitWidth() / 8, count = 1;
  if (auto vector = dyn_cast<VectorType>(type))
    count = vector.getNumElements();
  int64_t offset = 0, stride = 1;
  for (unsigned dim = memory.getRank(); dim-- > 0; stride *= memory.getDimSize(dim))
    offset += valueOf(indices[dim]) * stride;
  accessBytes(valueOf(buffer) + offset * size, count * size, isStore);
}

/// Integers of constants may be indices.
void Walker::loadIndex(memref::LoadOp op) {
  auto values = constants.lookup(valueOf(op.getMemRef()));
  if (values && op.getType().isInteger(32))
    known[op.getResult()] = values.getValues<int32_t>()[valueOf(op.getIndices()[0])];
}

void Walker::visitFor(scf::ForOp op) {
  copyAll(op.getInitArgs(), op.getRegionIterArgs());
  int64_t upper = valueOf(op.getUpperBound()), step = valueOf(op.getStep());
  for (int64_t i = valueOf(op.getLowerBound()); i < upper; i += step) {
    known[op.getInductionVar()] = i;
    walk(*op.getBody());
    copyAll(op.getYieldedValues(), op.getRegionIterArgs());
  }
  copyAll(op.getRegionIterArgs(), op.getResults());
}

void Walker::visitIf(scf::IfOp op) {
  if (known.contains(op.getCondition()) && !valueOf(op.getCondition()))
    return op.elseBlock() ? walk(*op.elseBlock()) : void();
  walk(*op.thenBlock());
  if (op.elseBlock())
    walk(*op.elseBlock());
}

/// A tile register has rows of bytes; the configuration says how many.
template <typename Op> void Walker::visitTile(Op op, bool isStore) {
  auto memory = cast<MemRefType>(op.getBuffer().getType());
  int64_t start =
      valueOf(op.getBuffer()) + valueOf(op.getIndex()) * memory.getElementTypeBitWidth() / 8;
  for (int64_t row = 0; row < rowCounts[op.getTile()]; ++row)
    accessBytes(start + row * int64_t(op.getStride()), rowSizes[op.getTile()], isStore);
}

/// All runs of all rows.
void Walker::visitWordProducts(tflrt::WordProductsOp op) {
  int64_t size = op.getExtended() ? 2 : 1, groups = int64_t(op.getGroups());
  int64_t elements = 4 * groups + int64_t(op.getRest());
  for (int64_t row : op.getRowOffsets())
    for (int64_t run = 0; run < int64_t(op.getRuns()); ++run)
      accessBytes(valueOf(op.getRows()) + size * (row + run * (4 * groups + int64_t(op.getStep()))),
                  size * elements, false);
}

void Walker::visitIndex(Operation *op) {
  auto binary = [&](auto compute) {
    known[op->getResult(0)] = compute(valueOf(op->getOperand(0)), valueOf(op->getOperand(1)));
  };
  llvm::TypeSwitch<Operation *>(op)
      .Case([&](arith::ConstantOp constant) {
        if (auto value = dyn_cast<IntegerAttr>(constant.getValue()))
          known[constant.getResult()] = value.getInt();
      })
      .Case<arith::AddIOp>([&](auto) { binary([](int64_t x, int64_t y) { return x + y; }); })
      .Case<arith::SubIOp>([&](auto) { binary([](int64_t x, int64_t y) { return x - y; }); })
      .Case<arith::MulIOp>([&](auto) { binary([](int64_t x, int64_t y) { return x * y; }); })
      .Case<arith::DivUIOp>([&](auto) { binary([](int64_t x, int64_t y) { return x / y; }); })
      .Case<arith::RemUIOp>([&](auto) { binary([](int64_t x, int64_t y) { return x % y; }); })
      .Case([&](arith::CmpIOp compare) {
        if (compare.getLhs().getType().isIndex() &&
            compare.getPredicate() == arith::CmpIPredicate::eq)
          binary([](int64_t x, int64_t y) { return x == y; });
      })
      .Case<arith::MinSIOp, arith::MinUIOp>(
          [&](auto) { binary([](int64_t x, int64_t y) { return std::min(x, y); }); })
      .Case<arith::IndexCastOp, arith::IndexCastUIOp, memref::ExtractAlignedPointerAsIndexOp>(
          [&](auto cast) { known[op->getResult(0)] = valueOf(op->getOperand(0)); });
}

void Walker::visit(Operation *op) {
  llvm::TypeSwitch<Operation *>(op)
      .Case([&](scf::ForOp loop) { visitFor(loop); })
      .Case([&](scf::IfOp choice) { visitIf(choice); })
      .Case([&](tflrt::TileConfigureOp configure) {
        rowCounts = llvm::to_vector(configure.getRows());
        rowSizes = llvm::to_vector(configure.getRowBytes());
      })
      .Case([&](tflrt::TileLoadOp load) { visitTile(load, false); })
      .Case([&](tflrt::TileStoreOp store) { visitTile(store, true); })
      .Case([&](memref::LoadOp load) {
        access(load.getMemRef(), load.getIndices(), load.getType(), false);
        loadIndex(load);
      })
      .Case([&](vector::LoadOp load) {
        access(load.getBase(), load.getIndices(), load.getType(), false);
      })
      .Case([&](vector::MaskedLoadOp load) {
        access(load.getBase(), load.getIndices(), load.getType(), false);
      })
      .Case([&](memref::StoreOp store) {
        access(store.getMemRef(), store.getIndices(), store.getValue().getType(), true);
      })
      .Case([&](vector::StoreOp store) {
        access(store.getBase(), store.getIndices(), store.getValueToStore().getType(), true);
      })
      .Case([&](memref::ReinterpretCastOp view) { // of a whole buffer, as all of the emitters are
        known[view.getResult()] = valueOf(view.getSource());
      })
      .Case<memref::GetGlobalOp, memref::AllocOp>([&](Operation *buffer) {
        known[buffer->getResult(0)] = nextConstant;
        if (auto get = dyn_cast<memref::GetGlobalOp>(buffer))
          if (auto global =
                  SymbolTable::lookupNearestSymbolFrom<memref::GlobalOp>(get, get.getNameAttr()))
            constants[nextConstant] =
                dyn_cast_or_null<DenseElementsAttr>(global.getInitialValue().value_or(Attribute()));
        nextConstant += apart;
      })
      .Case([&](tflrt::WordProductsOp products) { visitWordProducts(products); })
      .Default([&](Operation *) {
        if (op->getNumRegions() > 0)
          log.error = op->getName().getStringRef().str();
        else
          visitIndex(op);
      });
}

AccessLog tflc::collectAccesses(func::FuncOp function, int64_t task) {
  return Walker(function).run(task);
}

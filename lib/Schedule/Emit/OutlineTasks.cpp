//===- OutlineTasks.cpp - a function for the tasks of a kernel ------------===//
//
// Part of tflc, under the Apache License 2.0.
//
// A task knows what the function of a kernel does, and its own number.
//
//===----------------------------------------------------------------------===//

#include "OutlineTasks.h"

#include "KernelFunction.h"

#include "tflc/Target/TaskNames.h"

#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/Func/IR/FuncOps.h"

using namespace mlir;
using namespace tflc;

static constexpr char arenaAttrName[] = "tflc.arena";

static std::optional<unsigned> findArgument(func::FuncOp entry, StringRef attribute) {
  for (unsigned i = 0; i < entry.getNumArguments(); ++i)
    if (entry.getArgAttr(i, attribute))
      return i;
  return std::nullopt;
}

LogicalResult tflc::addParallelArgument(func::FuncOp entry) {
  std::optional<unsigned> arena = findArgument(entry, arenaAttrName);
  if (!arena)
    return entry.emitOpError("has no arena");
  Builder b(entry.getContext());
  // Only its address counts.
  auto type = MemRefType::get({1}, b.getI8Type());
  auto attributes = b.getDictionaryAttr(b.getNamedAttr(parallelAttrName, b.getUnitAttr()));
  return entry.insertArgument(*arena + 1, type, attributes, entry.getLoc());
}

/// The scratch buffer of task `task`, which lies behind those of the tasks before it.
static Value moveScratch(OpBuilder &b, memref::ViewOp all, Value task, int64_t tasks,
                         int64_t elements) {
  Location loc = all.getLoc();
  Type type = all.getType().getElementType();
  int64_t bytes = elements * type.getIntOrFloatBitWidth() / 8;
  // One view of all tasks' buffers, so that functions of tasks differ in where that begins alone.
  Value buffers = memref::ViewOp::create(b, loc, MemRefType::get({tasks * bytes}, b.getI8Type()),
                                         all.getSource(), all.getByteShift(), ValueRange());
  Value distance =
      arith::MulIOp::create(b, loc, task, arith::ConstantIndexOp::create(b, loc, bytes));
  return memref::ViewOp::create(b, loc, MemRefType::get({elements}, type), buffers, distance,
                                ValueRange());
}

std::optional<OutlinedKernel> tflc::outlineTasks(tflrt::KernelOp kernel,
                                                 const std::optional<TaskCut> &cut,
                                                 int64_t scratchElements) {
  if (Value scratch = kernel.getScratch(); scratch && !scratch.getDefiningOp<memref::ViewOp>())
    return std::nullopt;
  auto entry = kernel->getParentOfType<func::FuncOp>();
  Location loc = kernel.getLoc();
  OpBuilder b(entry);
  std::optional<KernelFunction> copied = copyIntoFunction(kernel, "task", b.getIndexType());
  if (!copied)
    return std::nullopt;
  func::FuncOp body = copied->function;
  Value task = body.getArguments().back();
  if (Value scratch = copied->kernel.getScratch(); cut && scratch && scratchElements > 0) {
    b.setInsertionPoint(copied->kernel);
    copied->kernel.getScratchMutable().assign(
        moveScratch(b, scratch.getDefiningOp<memref::ViewOp>(), task, cut->count, scratchElements));
  }

  // A declaration, whose body comes when there are pointers.
  BlockArgument parallel = entry.getArgument(*findArgument(entry, parallelAttrName));
  SmallVector<Type> types(body.getArgumentTypes().drop_back());
  types.push_back(parallel.getType());
  b.setInsertionPoint(entry);
  auto run = func::FuncOp::create(b, loc, body.getName().str() + ".run",
                                  b.getFunctionType(types, b.getI32Type()));
  run.setPrivate();
  run->setAttr(kRunTasksAttrName, FlatSymbolRefAttr::get(body));
  run->setAttr(kTaskCountAttrName, b.getI64IntegerAttr(cut ? cut->count : 1));
  b.setInsertionPoint(kernel);
  SmallVector<Value> operands = copied->operands;
  operands.push_back(parallel);
  auto call = func::CallOp::create(b, loc, run, operands);
  kernel.erase();
  std::optional<TaskShare> share;
  if (cut)
    share = TaskShare{cut->dim, cut->count, task};
  return OutlinedKernel{copied->kernel, share, call};
}

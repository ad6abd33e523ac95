//===- TakeTasks.cpp - the function that takes tasks of a step ------------===//
//
// Part of tflc, under the Apache License 2.0.
//
//===----------------------------------------------------------------------===//

#include "TaskFunctions.h"

#include "tflc/Target/TargetInfo.h"

#include "mlir/Parser/Parser.h"

using namespace mlir;
using namespace tflc;

/// `take_tasks` returns when all tasks of a step are taken, by whomever. A body takes a task only
/// when all that it needs is done. So nobody who holds a task waits, and a single body is enough
/// for all tasks, whatever becomes of the others. It begins with the task that lies in the step
/// where the body lies among the bodies: what one task writes, the task at the same place of the
/// next step mostly reads, and it is in the cache of the thread that wrote it.
///
/// Words are cleared one by one, lest it become a call of memset.
static constexpr char takerSource[] = R"mlir(
llvm.func internal @tflc.take_tasks(%task: !llvm.ptr, %words: !llvm.ptr, %body: i32, %step: i32, %count: i32,
                                    %needs: !llvm.ptr, %width: i32) attributes {no_inline} {
  %zero = llvm.mlir.constant(0 : i32) : i32
  %one = llvm.mlir.constant(1 : i32) : i32
  %ones = llvm.mlir.constant(-1 : i32) : i32
  %half = llvm.mlir.constant(16 : i32) : i32
  %lower = llvm.mlir.constant(65535 : i32) : i32
  %bodies = llvm.mlir.constant(BODIES : i32) : i32
  %bits = llvm.shl %one, %count : i32
  %all = llvm.sub %bits, %one : i32
  %scaled = llvm.mul %body, %count : i32
  %first = llvm.udiv %scaled, %bodies : i32
  %own = llvm.getelementptr %words[%step] : (!llvm.ptr, i32) -> !llvm.ptr, i32
  llvm.br ^look
^look:
  %word = llvm.load %own atomic monotonic {alignment = 4 : i64} : !llvm.ptr -> i32
  %taken = llvm.and %word, %all : i32
  %left = llvm.xor %taken, %all : i32
  %isOver = llvm.icmp "eq" %left, %zero : i32
  llvm.cond_br %isOver, ^end, ^try(%zero : i32)
^try(%tried: i32):
  %place = llvm.add %first, %tried : i32
  %isPast = llvm.icmp "uge" %place, %count : i32
  %around = llvm.sub %place, %count : i32
  %number = llvm.select %isPast, %around, %place : i1, i32
  %shifted = llvm.lshr %left, %number : i32
  %bit = llvm.and %shifted, %one : i32
  %isFree = llvm.icmp "ne" %bit, %zero : i32
  %begin = llvm.mul %number, %width : i32
  %end = llvm.add %begin, %width : i32
  llvm.cond_br %isFree, ^needs(%begin : i32), ^next
^needs(%at: i32):
  %isReady = llvm.icmp "eq" %at, %end : i32
  llvm.cond_br %isReady, ^take, ^need
^need:
  %entry = llvm.getelementptr %needs[%at] : (!llvm.ptr, i32) -> !llvm.ptr, i32
  %need = llvm.load %entry : !llvm.ptr -> i32
  %earlier = llvm.and %need, %lower : i32
  %needed = llvm.lshr %need, %half : i32
  %other = llvm.getelementptr %words[%earlier] : (!llvm.ptr, i32) -> !llvm.ptr, i32
  %state = llvm.load %other atomic acquire {alignment = 4 : i64} : !llvm.ptr -> i32
  %done = llvm.lshr %state, %half : i32
  %undone = llvm.xor %done, %ones : i32
  %missing = llvm.and %needed, %undone : i32
  %isDone = llvm.icmp "eq" %missing, %zero : i32
  %after = llvm.add %at, %one : i32
  llvm.cond_br %isDone, ^needs(%after : i32), ^next
^take:
  %mark = llvm.shl %one, %number : i32
  %before = llvm.atomicrmw _or %own, %mark monotonic : !llvm.ptr, i32
  %others = llvm.and %before, %mark : i32
  %isMine = llvm.icmp "eq" %others, %zero : i32
  llvm.cond_br %isMine, ^run, ^look
^run:
  llvm.call %task(%words, %number) : !llvm.ptr, (!llvm.ptr, i32) -> ()
  %doneMark = llvm.shl %mark, %half : i32
  %old = llvm.atomicrmw _or %own, %doneMark release : !llvm.ptr, i32
  llvm.br ^look
^next:
  %more = llvm.add %tried, %one : i32
  %isMore = llvm.icmp "ult" %more, %count : i32
  llvm.cond_br %isMore, ^try(%more : i32), ^wait
^wait:
  PAUSE
  llvm.br ^look
^end:
  llvm.return
}
llvm.func internal @tflc.clear_words(%words: !llvm.ptr, %count: i32) {
  %zero = llvm.mlir.constant(0 : i32) : i32
  %one = llvm.mlir.constant(1 : i32) : i32
  llvm.br ^clear(%zero : i32)
^clear(%at: i32):
  %word = llvm.getelementptr %words[%at] : (!llvm.ptr, i32) -> !llvm.ptr, i32
  llvm.store %zero, %word atomic monotonic {alignment = 4 : i64} : i32, !llvm.ptr
  %next = llvm.add %at, %one : i32
  %isMore = llvm.icmp "ult" %next, %count : i32
  llvm.cond_br %isMore, ^clear(%next : i32), ^end
^end:
  llvm.return
}
)mlir";

/// What tells a processor that a loop only waits.
static StringRef getPause(ModuleOp module) {
  FailureOr<TargetInfo> target = getTarget(module);
  if (failed(target))
    return "";
  switch (target->getArchitecture()) {
  case Architecture::X86:
    return R"(llvm.call_intrinsic "llvm.x86.sse2.pause"() : () -> ())";
  case Architecture::AArch64:
    return R"(%hint = llvm.mlir.constant(1 : i32) : i32
              llvm.call_intrinsic "llvm.aarch64.hint"(%hint) : (i32) -> ())";
  default:
    return "";
  }
}

static void replace(std::string &text, StringRef mark, StringRef value) {
  text.replace(text.find(mark), mark.size(), value);
}

FailureOr<TakerFunctions> tflc::createTaker(TaskFunctions &functions) {
  std::string source = takerSource;
  replace(source, "BODIES", std::to_string(numTaskBodies));
  replace(source, "PAUSE", getPause(functions.module));
  OwningOpRef<ModuleOp> parsed = parseSourceString<ModuleOp>(source, functions.module.getContext());
  if (!parsed)
    return functions.module.emitError("the function that takes tasks does not parse");
  TakerFunctions taker = {parsed->lookupSymbol<LLVM::LLVMFuncOp>("tflc.take_tasks"),
                          parsed->lookupSymbol<LLVM::LLVMFuncOp>("tflc.clear_words")};
  for (LLVM::LLVMFuncOp function : {taker.take, taker.clear}) {
    function->remove();
    functions.module.push_back(function);
  }
  return taker;
}

//===- TilePermission.cpp - may this process use tile registers? ----------===//
//
// Part of tflc, under the Apache License 2.0.
//
// Linux kills a process that uses AMX without having asked for it. To ask is a system call that
// takes effect once and answers every time, so each invocation does it: compiled code has no memory
// of its own to remember the answer in.
//
//===----------------------------------------------------------------------===//

#include "Schedule/Nest/Tiles.h"

#include "TFLRT/IR/TFLRTDialect.h"
#include "tflc/tflc.h"

#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/Func/IR/FuncOps.h"
#include "mlir/Dialect/LLVMIR/LLVMDialect.h"
#include "mlir/IR/ImplicitLocOpBuilder.h"

using namespace mlir;

void tflc::requestTiles(func::FuncOp function) {
  // arch_prctl(ARCH_REQ_XCOMP_PERM, XFEATURE_XTILEDATA) of x86-64 Linux.
  constexpr int64_t archPrctl = 158, requestPermission = 0x1023, tileData = 18;
  auto b = ImplicitLocOpBuilder::atBlockBegin(function.getLoc(), &function.front());
  Type i64 = b.getI64Type();
  SmallVector<Value> operands;
  for (int64_t value : {archPrctl, requestPermission, tileData})
    operands.push_back(arith::ConstantIntOp::create(b, i64, value));
  auto call = LLVM::InlineAsmOp::create(
      b, i64, operands, b.getStringAttr("syscall"),
      b.getStringAttr(
          "={rax},{rax},{rdi},{rsi},~{rcx},~{r11},~{memory},~{dirflag},~{fpsr},~{flags}"),
      /*has_side_effects=*/b.getUnitAttr(), /*is_align_stack=*/UnitAttr(),
      LLVM::TailCallKindAttr::get(b.getContext(), LLVM::TailCallKind::None), LLVM::AsmDialectAttr(),
      /*operand_attrs=*/ArrayAttr());
  Value isRefused = arith::CmpIOp::create(b, arith::CmpIPredicate::ne, call.getRes(),
                                          arith::ConstantIntOp::create(b, i64, 0).getResult());
  Type i32 = b.getI32Type();
  Value status = arith::SelectOp::create(b, isRefused,
                                         arith::ConstantIntOp::create(b, i32, TFLC_NOT_PERMITTED),
                                         arith::ConstantIntOp::create(b, i32, TFLC_OK));
  tflrt::GuardOp::create(b, TypeRange(), status, Value());
}

//===- X86Tiles.cpp - tile registers of x86 (AMX) -------------------------===//
//
// Part of tflc, under the Apache License 2.0.
//
// The intrinsics name registers by numbers. LLVM orders them like any others that touch memory, and
// uses no tile registers by itself. (Its own allocation of them wants one configuration for a whole
// function, which has all kernels of a model.)
//
//===----------------------------------------------------------------------===//

#include "X86Tiles.h"

#include "TFLRT/IR/TFLRTDialect.h"
#include "tflc/tflc.h"

#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/LLVMIR/LLVMDialect.h"
#include "llvm/ADT/TypeSwitch.h"

using namespace mlir;
using namespace tflc;
using namespace tflc::tflrt;

static void call(ImplicitLocOpBuilder &b, StringRef name, ValueRange operands) {
  LLVM::CallIntrinsicOp::create(b, b.getStringAttr("llvm.x86." + name), operands);
}

static Value number(ImplicitLocOpBuilder &b, int64_t value, unsigned bits) {
  return arith::ConstantIntOp::create(b, b.getIntegerType(bits), value);
}

/// A pointer to an element of a flat buffer.
static Value pointerTo(ImplicitLocOpBuilder &b, Value buffer, Value index) {
  auto type = cast<MemRefType>(buffer.getType());
  if (int64_t size = type.getElementTypeBitWidth() / 8; size != 1)
    index = arith::MulIOp::create(b, index, arith::ConstantIndexOp::create(b, size));
  Value start = memref::ExtractAlignedPointerAsIndexOp::create(b, buffer);
  Value address = arith::IndexCastOp::create(b, b.getI64Type(),
                                             arith::AddIOp::create(b, start, index).getResult());
  return LLVM::IntToPtrOp::create(b, LLVM::LLVMPointerType::get(b.getContext()), address);
}

/// Palette 1: bytes of a row of each register from byte 16 on, rows from byte 48 on.
static void configure(ImplicitLocOpBuilder &b, TileConfigureOp op, ConstantPool &pool) {
  std::vector<char> bytes(64, 0);
  bytes[0] = 1;
  for (size_t tile = 0; tile < op.getRows().size(); ++tile) {
    bytes[16 + 2 * tile] = op.getRowBytes()[tile];
    bytes[48 + tile] = op.getRows()[tile];
  }
  Value configuration = pool.get(b, b.getLoc(), b.getI8Type(), bytes);
  call(b, "ldtilecfg", pointerTo(b, configuration, arith::ConstantIndexOp::create(b, 0)));
}

bool tflc::emitTileOpOnX86(ImplicitLocOpBuilder &b, Operation *op, ConstantPool &pool) {
  return llvm::TypeSwitch<Operation *, bool>(op)
      .Case([&](TileConfigureOp op) {
        configure(b, op, pool);
        return true;
      })
      .Case([&](TileReleaseOp) {
        call(b, "tilerelease", {});
        return true;
      })
      .Case([&](TileZeroOp op) {
        call(b, "tilezero", number(b, op.getTile(), 8));
        return true;
      })
      .Case<TileLoadOp, TileStoreOp>([&](auto op) {
        Value pointer = pointerTo(b, op.getBuffer(), op.getIndex());
        call(b, isa<TileLoadOp>(op) ? "tileloadd64" : "tilestored64",
             {number(b, op.getTile(), 8), pointer, number(b, op.getStride(), 64)});
        return true;
      })
      .Case([&](TileDotOp op) {
        call(b, "tdpbusd",
             {number(b, op.getSums(), 8), number(b, op.getLhs(), 8), number(b, op.getRhs(), 8)});
        return true;
      })
      .Default(false);
}

/// Linux kills a process that uses AMX without having asked for it. To ask is a system call that
/// takes effect once and answers every time, so each invocation does it: compiled code has no
/// memory of its own to remember the answer in.
Value tflc::requestTilesOfLinux(ImplicitLocOpBuilder &b) {
  // arch_prctl(ARCH_REQ_XCOMP_PERM, XFEATURE_XTILEDATA) of x86-64 Linux.
  constexpr int64_t archPrctl = 158, requestPermission = 0x1023, tileData = 18;
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
  return arith::SelectOp::create(b, isRefused,
                                 arith::ConstantIntOp::create(b, i32, TFLC_NOT_PERMITTED),
                                 arith::ConstantIntOp::create(b, i32, TFLC_OK));
}

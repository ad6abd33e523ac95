//===- ARMWordLoop.cpp - products of words on 32 bit ARM ------------------===//
//
// Part of tflc, under the Apache License 2.0.
//
//===----------------------------------------------------------------------===//

#include "ARMWordLoop.h"

#include "mlir/Dialect/LLVMIR/LLVMDialect.h"
#include "llvm/ADT/StringExtras.h"
#include "llvm/Support/FormatVariadic.h"

using namespace mlir;
using namespace tflc;

namespace {
/// How far the assembly goes along the reduction; see the attributes of tflrt.word_products.
struct WordRuns {
  int64_t groups, unroll, rest, runs, step;
};

/// The text of the loop. SXTB16 takes bytes 0 and 2 of a word, and after a rotation bytes 1 and 3;
/// as rows and weights are taken apart alike, SMLAD meets the right pairs, and the weights stay
/// bytes in their order. Rows that have been extended are two words already.
///
/// The loop is assembly: it needs every general register, and LLVM's scheduler moves the loads up
/// and then spills (1.5 instructions a product instead of 1.2).
///
/// Operands in order: the sums (row by row), the pointer to the rows, the pointer to the weights,
/// scratch registers.
class WordLoop {
public:
  explicit WordLoop(tflrt::WordProductsOp op)
      : rowOffsets(op.getRowOffsets()), columns(op.getColumns()),
        extent{int64_t(op.getGroups()), int64_t(op.getUnroll()), int64_t(op.getRest()),
               int64_t(op.getRuns()), int64_t(op.getStep())},
        load(op.getRowsUnsigned() ? "ldrb" : "ldrsb"),
        extend(op.getRowsUnsigned() ? "uxtb16" : "sxtb16"), isExtended(op.getExtended()),
        isAligned(op.getAligned()) {
    rowPointer = operand(rowOffsets.size() * columns);
    weightPointer = operand(rowOffsets.size() * columns + 1);
    next = rowOffsets.size() * columns + 2;
    write();
  }

  std::string text;
  unsigned scratch = 0; ///< registers beside the accumulators and pointers

private:
  void write();
  void writeByColumns();
  void writeByRows();
  void writeRest();
  void loadRestEven(unsigned row, StringRef even, StringRef odd);
  void loadRestOdd(unsigned row, StringRef odd);
  /// Whether the second half of a rest's groups has bytes of the run.
  bool hasRestOdd() const { return extent.rest > (isExtended ? 2 : 1); }
  void loadWeights();

  static std::string operand(unsigned number) { return "$" + std::to_string(number); }
  std::string take() {
    ++scratch;
    return operand(next++);
  }
  std::string accumulator(unsigned row, unsigned column) const {
    return operand(row * columns + column);
  }
  template <typename... Args> void line(const char *format, Args &&...args) {
    text += llvm::formatv(format, std::forward<Args>(args)...).str() + "\n";
  }
  /// One group of a row, in two registers. The first row comes last and moves the pointer on.
  void loadRow(unsigned row, StringRef word, StringRef odd) {
    if (isExtended)
      return loadExtended(row, word, odd);
    if (row == 0)
      line("ldr {0}, [{1}], #4", word, rowPointer);
    else
      line("ldr {0}, [{1}, #{2}]", word, rowPointer, rowOffsets[row]);
    takeApart(word, odd);
  }
  void loadExtended(unsigned row, StringRef word, StringRef odd);
  /// Bytes 1 and 3 of `word` into `odd`, then 0 and 2 into itself.
  void takeApart(StringRef word, StringRef odd) {
    line("{0} {1}, {2}, ror #8", extend, odd, word);
    line("{0} {1}, {1}", extend, word);
  }
  void takeWeightsApart(StringRef word, StringRef odd) {
    line("sxtb16 {0}, {1}, ror #8", odd, word);
    line("sxtb16 {0}, {0}", word);
  }
  void multiply(unsigned row, unsigned column, StringRef x, StringRef w) {
    line("smlad {0}, {1}, {2}, {0}", accumulator(row, column), x, w);
  }

  ArrayRef<int64_t> rowOffsets;
  unsigned columns;
  WordRuns extent;
  StringRef load, extend;
  bool isExtended, isAligned; ///< of rows: see the op's attributes
  std::string rowPointer, weightPointer;
  unsigned next;
  SmallVector<std::string> words, odds; ///< of the side that stays
  std::string word, odd;                ///< of the other side
};
} // namespace

void WordLoop::write() {
  unsigned kept = std::min<unsigned>(columns, rowOffsets.size());
  for (unsigned i = 0; i < kept; ++i) {
    words.push_back(take());
    odds.push_back(take());
  }
  word = take(), odd = take();
  bool isLoop = extent.runs > 1 || extent.groups > extent.unroll;
  // Where no register is left for a counter, the end of the weights waits on the stack.
  bool counts = next < 14;
  std::string counter = isLoop && counts ? take() : word;
  if (isLoop && counts) {
    line("movw {0}, #{1}", counter, extent.runs > 1 ? extent.runs : extent.groups / extent.unroll);
  } else if (isLoop) {
    int64_t words =
        extent.runs > 1 ? extent.runs * (extent.groups + (extent.rest > 0)) : extent.groups;
    int64_t bytes = words * columns * 4;
    line("movw {0}, #{1}", counter, bytes & 0xffff);
    if (bytes > 0xffff)
      line("movt {0}, #{1}", counter, bytes >> 16);
    line("add {0}, {1}", counter, weightPointer);
    line("str {0}, [sp, #-4]!", counter);
  }
  if (isLoop)
    line("1:");
  for (int64_t i = 0; i < extent.unroll; ++i)
    kept == columns ? writeByColumns() : writeByRows();
  if (extent.runs > 1) {
    writeRest();
    if (extent.step != 0)
      line("{0} {1}, {1}, #{2}", extent.step < 0 ? "subw" : "addw", rowPointer,
           std::abs(extent.step) * (isExtended ? 2 : 1));
  }
  if (isLoop && counts) {
    line("subs {0}, {0}, #1", counter);
    line("bne 1b");
  } else if (isLoop) {
    line("ldr {0}, [sp]", counter);
    line("cmp {0}, {1}", counter, weightPointer);
    line("bne 1b");
    line("add sp, #4");
  }
  if (extent.runs == 1)
    writeRest();
}

/// One word of each column, where the columns stay.
void WordLoop::loadWeights() {
  unsigned column = 0;
  for (; column + 1 < columns; column += 2)
    line("ldrd {0}, {1}, [{2}], #8", words[column], words[column + 1], weightPointer);
  if (column < columns)
    line("ldr {0}, [{1}], #4", words[column], weightPointer);
  for (unsigned c = 0; c < columns; ++c)
    takeWeightsApart(words[c], odds[c]);
}

/// Four elements of 16 bits. LDRD wants aligned addresses, and reaches less far.
void WordLoop::loadExtended(unsigned row, StringRef word, StringRef odd) {
  constexpr int64_t reach = 1020;
  int64_t offset = 2 * rowOffsets[row];
  if (row == 0 && isAligned) {
    line("ldrd {0}, {1}, [{2}], #8", word, odd, rowPointer);
  } else if (row == 0) {
    line("ldr {0}, [{1}, #4]", odd, rowPointer);
    line("ldr {0}, [{1}], #8", word, rowPointer);
  } else if (isAligned && std::abs(offset) <= reach) {
    line("ldrd {0}, {1}, [{2}, #{3}]", word, odd, rowPointer, offset);
  } else {
    line("ldr {0}, [{1}, #{2}]", word, rowPointer, offset);
    line("ldr {0}, [{1}, #{2}]", odd, rowPointer, offset + 4);
  }
}

/// Of a row's rest what meets the first half of the weights: bytes 0 and 2, or elements 0 and 1.
/// Bytes and the last word are loaded one by one, so that nothing behind the run is read. The
/// weights' words are filled up with zeros, which meet what the extension leaves in the upper half.
void WordLoop::loadRestEven(unsigned row, StringRef even, StringRef odd) {
  if (isExtended) {
    line("{0} {1}, [{2}, #{3}]", extent.rest > 1 ? "ldr" : "ldrsh", even, rowPointer,
         2 * rowOffsets[row]);
    return;
  }
  line("{0} {1}, [{2}, #{3}]", load, even, rowPointer, rowOffsets[row]);
  if (extent.rest < 3)
    return;
  line("{0} {1}, [{2}, #{3}]", load, odd, rowPointer, rowOffsets[row] + 2);
  line("pkhbt {0}, {0}, {1}, lsl #16", even, odd);
}

/// What meets the second half.
void WordLoop::loadRestOdd(unsigned row, StringRef odd) {
  if (!hasRestOdd())
    return;
  if (isExtended)
    line("ldrsh {0}, [{1}, #{2}]", odd, rowPointer, 2 * rowOffsets[row] + 4);
  else
    line("{0} {1}, [{2}, #{3}]", load, odd, rowPointer, rowOffsets[row] + 1);
}

void WordLoop::writeRest() {
  if (extent.rest == 0)
    return;
  unsigned rows = rowOffsets.size();
  if (words.size() == columns) {
    loadWeights();
    for (unsigned row = 0; row < rows; ++row) {
      loadRestEven(row, word, odd);
      for (unsigned c = 0; c < columns; ++c)
        multiply(row, c, word, words[c]);
      loadRestOdd(row, odd);
      for (unsigned c = 0; c < columns && hasRestOdd(); ++c)
        multiply(row, c, odd, odds[c]);
    }
    return;
  }
  for (unsigned row = 0; row < rows; ++row) {
    loadRestEven(row, words[row], odds[row]);
    loadRestOdd(row, odds[row]);
  }
  for (unsigned column = 0; column < columns; ++column) {
    line("ldr {0}, [{1}], #4", word, weightPointer);
    takeWeightsApart(word, odd);
    for (unsigned row = 0; row < rows; ++row)
      multiply(row, column, words[row], word);
    for (unsigned row = 0; row < rows && hasRestOdd(); ++row)
      multiply(row, column, odds[row], odd);
  }
}

/// The columns' words stay, rows pass by.
void WordLoop::writeByColumns() {
  loadWeights();
  for (unsigned row = rowOffsets.size(); row-- > 0;) {
    loadRow(row, word, odd);
    for (unsigned c = 0; c < columns; ++c)
      multiply(row, c, word, words[c]);
    for (unsigned c = 0; c < columns; ++c)
      multiply(row, c, odd, odds[c]);
  }
}

/// The rows' words stay, columns pass by.
void WordLoop::writeByRows() {
  unsigned rows = rowOffsets.size();
  for (unsigned row = rows; row-- > 0;)
    loadRow(row, words[row], odds[row]);
  for (unsigned column = 0; column < columns; ++column) {
    line("ldr {0}, [{1}], #4", word, weightPointer);
    takeWeightsApart(word, odd);
    for (unsigned row = 0; row < rows; ++row)
      multiply(row, column, words[row], word);
    for (unsigned row = 0; row < rows; ++row)
      multiply(row, column, odds[row], odd);
  }
}

SmallVector<Value> tflc::multiplyWordsByAssembly(ImplicitLocOpBuilder &b,
                                                 tflrt::WordProductsOp op) {
  WordLoop loop(op);
  SmallVector<Value> operands(op.getSums());
  operands.append({op.getRows(), op.getWeights()});
  // Where hardly a register is left, the allocator may not find the order in which all operands
  // fit, and gives up; so each is told its own.
  static const char *const names[] = {"{r0}", "{r1}", "{r2}",  "{r3}",  "{r4}",  "{r5}", "{r6}",
                                      "{r8}", "{r9}", "{r10}", "{r11}", "{r12}", "{lr}", "{r7}"};
  size_t count = operands.size() + loop.scratch;
  SmallVector<std::string> constraints;
  for (size_t i = 0; i < count; ++i)
    constraints.push_back(std::string(i < operands.size() ? "=" : "=&") +
                          (count > 11 ? names[i] : "r"));
  for (unsigned i = 0; i < operands.size(); ++i)
    constraints.push_back(std::to_string(i));
  constraints.append({"~{cc}", "~{memory}"});
  SmallVector<Type> types(count, b.getI32Type());
  auto type = LLVM::LLVMStructType::getLiteral(b.getContext(), types);
  auto call = LLVM::InlineAsmOp::create(
      b, type, operands, b.getStringAttr(loop.text), b.getStringAttr(llvm::join(constraints, ",")),
      /*has_side_effects=*/b.getUnitAttr(), /*is_align_stack=*/UnitAttr(),
      LLVM::TailCallKindAttr::get(b.getContext(), LLVM::TailCallKind::None), LLVM::AsmDialectAttr(),
      /*operand_attrs=*/ArrayAttr());
  SmallVector<Value> results;
  for (size_t i = 0; i < op.getSums().size(); ++i)
    results.push_back(LLVM::ExtractValueOp::create(b, call.getRes(), i));
  return results;
}

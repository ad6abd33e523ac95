//===- KernelWords.cpp - products of the DSP extension --------------------===//
//
// Part of tflc, under the Apache License 2.0.
//
// A run along the reduction as one loop over words of four bytes. SXTB16 takes bytes 0 and 2 of a
// word, and after a rotation bytes 1 and 3; as rows and weights are taken apart alike, SMLAD meets
// the right pairs, and the weights stay bytes in their order.
//
// The loop is assembly: the tile needs every general register, and LLVM's scheduler moves the
// loads up and then spills (1.5 instructions a product instead of 1.2).
//
//===----------------------------------------------------------------------===//

#include "KernelEmitter.h"
#include "Schedule/Choice/Choices.h"

#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/LLVMIR/LLVMDialect.h"
#include "llvm/ADT/StringExtras.h"
#include "llvm/Support/FormatVariadic.h"

using namespace mlir;
using namespace tflc;

namespace {
/// How far the assembly of one tile goes along the reduction.
struct WordRuns {
  int64_t groups = 0; ///< words of a run
  int64_t unroll = 0; ///< of which one iteration takes so many
  int64_t rest = 0;   ///< bytes of a run behind its last word
  int64_t runs = 1;   ///< with more than one, an iteration takes a whole run
  int64_t step = 0;   ///< bytes from the end of a run's words to the next run
};

/// The text of the loop. Operands in order: the accumulators (row by row), the pointer to the rows,
/// the pointer to the weights, scratch registers.
class WordLoop {
public:
  WordLoop(ArrayRef<int64_t> rowOffsets, unsigned columns, const WordRuns &extent, bool isUnsigned)
      : rowOffsets(rowOffsets), columns(columns), extent(extent),
        load(isUnsigned ? "ldrb" : "ldrsb"), extend(isUnsigned ? "uxtb16" : "sxtb16") {
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
  void loadRow(unsigned row, StringRef to) {
    // The first row comes last and moves the pointer on.
    if (row == 0)
      line("ldr {0}, [{1}], #4", to, rowPointer);
    else
      line("ldr {0}, [{1}, #{2}]", to, rowPointer, rowOffsets[row]);
  }
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
           std::abs(extent.step));
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

/// Bytes below a word are loaded one by one, so that nothing behind the run is read. The weights'
/// words are filled up with zeros, which whatever a byte's extension leaves in the upper half
/// meets.
void WordLoop::writeRest() {
  if (extent.rest == 0)
    return;
  // Byte 0 and, in the upper half, byte 2 of a row; then its byte 1.
  auto loadEven = [&](unsigned row, StringRef even, StringRef odd) {
    line("{0} {1}, [{2}, #{3}]", load, even, rowPointer, rowOffsets[row]);
    if (extent.rest < 3)
      return;
    line("{0} {1}, [{2}, #{3}]", load, odd, rowPointer, rowOffsets[row] + 2);
    line("pkhbt {0}, {0}, {1}, lsl #16", even, odd);
  };
  auto loadOdd = [&](unsigned row, StringRef odd) {
    if (extent.rest > 1)
      line("{0} {1}, [{2}, #{3}]", load, odd, rowPointer, rowOffsets[row] + 1);
  };
  unsigned rows = rowOffsets.size();
  if (words.size() == columns) {
    loadWeights();
    for (unsigned row = 0; row < rows; ++row) {
      loadEven(row, word, odd);
      for (unsigned c = 0; c < columns; ++c)
        multiply(row, c, word, words[c]);
      loadOdd(row, odd);
      for (unsigned c = 0; c < columns && extent.rest > 1; ++c)
        multiply(row, c, odd, odds[c]);
    }
    return;
  }
  for (unsigned row = 0; row < rows; ++row) {
    loadEven(row, words[row], odds[row]);
    loadOdd(row, odds[row]);
  }
  for (unsigned column = 0; column < columns; ++column) {
    line("ldr {0}, [{1}], #4", word, weightPointer);
    takeWeightsApart(word, odd);
    for (unsigned row = 0; row < rows; ++row)
      multiply(row, column, words[row], word);
    for (unsigned row = 0; row < rows && extent.rest > 1; ++row)
      multiply(row, column, odds[row], odd);
  }
}

/// The columns' words stay, rows pass by.
void WordLoop::writeByColumns() {
  loadWeights();
  for (unsigned row = rowOffsets.size(); row-- > 0;) {
    loadRow(row, word);
    takeApart(word, odd);
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
    loadRow(row, words[row]);
  for (unsigned row = 0; row < rows; ++row)
    takeApart(words[row], odds[row]);
  for (unsigned column = 0; column < columns; ++column) {
    line("ldr {0}, [{1}], #4", word, weightPointer);
    takeWeightsApart(word, odd);
    for (unsigned row = 0; row < rows; ++row)
      multiply(row, column, words[row], word);
    for (unsigned row = 0; row < rows; ++row)
      multiply(row, column, odds[row], odd);
  }
}

/// The address of an element, as a word.
Value KernelEmitter::addressOf(Value buffer, Value base, int64_t constant) {
  Value pointer = memref::ExtractAlignedPointerAsIndexOp::create(b, buffer);
  Value offset = index(base, constant);
  return arith::IndexCastOp::create(b, b.getI32Type(),
                                    arith::AddIOp::create(b, pointer, offset).getResult());
}

/// Runs whose words are few go into one loop around them, so that the tile's registers are set up
/// once.
bool KernelEmitter::takesRunsTogether(ArrayRef<unsigned> order) const {
  if (!strategy.words || order.size() != 2 || order[1] != strategy.groupDim)
    return false;
  int64_t groups = nest.dims[order[1]].size / strategy.group;
  int64_t step = rows->coefficients[order[0]] - groups * strategy.group;
  return groups * strategy.group == strategy.tile[order[1]] && std::abs(step) < 4096;
}

SmallVector<Value> KernelEmitter::emitWordRuns(ArrayRef<unsigned> order, Position position,
                                               ArrayRef<Point> points,
                                               SmallVector<Value> accumulators) {
  unsigned dim = strategy.groupDim;
  unsigned tileColumns = points.back().piece.offset + 1; // of one lane each
  const LinearAccess &columnAccess = packedWeights(tileColumns);
  SmallVector<int64_t> zeros(nest.dims.size(), 0);

  int64_t rowStart = constantIndex(*rows, position, points.front().delta);
  SmallVector<int64_t> rowOffsets;
  for (unsigned i = 0; i < points.size(); i += tileColumns)
    rowOffsets.push_back(constantIndex(*rows, position, points[i].delta) - rowStart);

  WordRuns extent;
  extent.groups = nest.dims[dim].size / strategy.group;
  extent.unroll = strategy.tile[dim] / strategy.group;
  extent.rest = nest.dims[dim].size % strategy.group;
  if (order.size() == 2) {
    extent.runs = nest.dims[order[0]].size;
    extent.step = rows->coefficients[order[0]] - extent.groups * strategy.group;
  }
  WordLoop loop(rowOffsets, tileColumns, extent, areRowsUnsigned());
  SmallVector<Value> operands(accumulators);
  operands.push_back(addressOf(flat(*rows), baseIndex(*rows, position), rowStart));
  operands.push_back(addressOf(weights, baseIndex(columnAccess, position),
                               constantIndex(columnAccess, position, zeros)));
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
  for (auto [i, accumulator] : llvm::enumerate(accumulators))
    accumulator = LLVM::ExtractValueOp::create(b, call.getRes(), i);
  return accumulators;
}

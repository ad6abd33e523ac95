//===- MachinePeak.cpp - how fast this machine can be ---------------------===//
//
// Part of tflc, under the Apache License 2.0.
//
// One function for each limit, built as the bufferize phase would leave it and compiled like a
// model: `tflrt.dot` becomes the same instruction here and there.
//
//===----------------------------------------------------------------------===//

#include "tflc/Execution/MachinePeak.h"

#include "tflc/CodeGen/Passes.h"
#include "tflc/Execution/CompiledModel.h"
#include "tflc/Pipelines/Compile.h"
#include "tflc/Target/Registers.h"

#include "TFLRT/IR/TFLRTDialect.h"

#include "mlir/Dialect/LLVMIR/LLVMDialect.h"
#include "mlir/Dialect/Vector/IR/VectorOps.h"
#include "llvm/Support/MemAlloc.h"

#include <chrono>
#include <cstring>

using namespace mlir;
using namespace tflc;

/// Loop iterations of one call: long against the call, short against a time slice.
static constexpr int64_t numIterations = 4000;
static constexpr double secondsPerLimit = 0.03;
static constexpr int64_t bufferSizes[] = {16 << 10, 256 << 10, 2 << 20, 16 << 20, 128 << 20};

double MachinePeak::getReadBandwidth(int64_t bytes) const {
  for (auto [size, bandwidth] : readBandwidth)
    if (bytes <= size)
      return bandwidth;
  return readBandwidth.empty() ? 0 : readBandwidth.back().second;
}

double MachinePeak::getMacs(FactorKind factors) const {
  switch (factors) {
  case FactorKind::Byte:
    return byteMacs;
  case FactorKind::Word:
    return wordMacs;
  case FactorKind::Float:
    return floatMacs;
  }
  llvm_unreachable("unknown kind of factors");
}

double MachinePeak::getLeastSeconds(int64_t macs, FactorKind factors, int64_t bytes) const {
  return std::max(macs / getMacs(factors), bytes / getReadBandwidth(bytes));
}

namespace {

class PeakBuilder {
public:
  PeakBuilder(ModuleOp module, const TargetInfo &target)
      : b(module.getLoc(), module.getContext()), module(module), target(target),
        lanes(std::max(1u, target.vectorBits / 32)),
        // Enough sums in flight to hide every latency; two registers stay for the factors.
        sums(target.vectorBits ? std::min(24u, target.vectorRegisters - 4) : 6) {}

  /// Adds the function and signature `key`; returns its multiply-accumulates.
  int64_t addMacs(StringRef key, FactorKind factors);
  /// Adds a function that reads `bytes` bytes of its input.
  void addRead(StringRef key, int64_t bytes);

  ModelInfo info;

private:
  using Step = llvm::function_ref<SmallVector<Value>(Value iteration, ValueRange sums)>;
  /// A function with one loop that carries sums, and stores them into its output.
  void addLoop(StringRef key, int64_t inputBytes, Type sumType, int64_t last, int64_t step,
               Step body);
  Type vectorOf(Type element, int64_t count) { return VectorType::get({count}, element); }
  Value opaque(Value value);
  TensorInfo bytes(StringRef name, int64_t count) {
    TensorInfo tensor;
    tensor.name = tensor.tensorName = name.str();
    tensor.type = ElementType::Int8;
    tensor.shape = {count};
    return tensor;
  }

  ImplicitLocOpBuilder b;
  ModuleOp module;
  const TargetInfo &target;
  unsigned lanes;
  unsigned sums;
};

} // namespace

/// The same value, of which the optimizer knows nothing: products of it are neither merged nor
/// moved out of the loop. No instruction comes of it.
Value PeakBuilder::opaque(Value value) {
  std::string constraints =
      ("=" + getRegisterConstraint(target, value.getType().isFloat()) + ",0").str();
  return LLVM::InlineAsmOp::create(
             b, value.getType(), value, "", constraints, /*has_side_effects=*/true,
             /*is_align_stack=*/false, LLVM::TailCallKind::None,
             LLVM::AsmDialectAttr::get(b.getContext(), LLVM::AsmDialect::AD_ATT),
             /*operand_attrs=*/ArrayAttr())
      .getResult(0);
}

void PeakBuilder::addLoop(StringRef key, int64_t inputBytes, Type sumType, int64_t last,
                          int64_t step, Step body) {
  int64_t outputBytes = sums * lanes * 4;
  auto input = MemRefType::get({inputBytes}, b.getI8Type());
  auto output = MemRefType::get({outputBytes}, b.getI8Type());
  auto arena = MemRefType::get({1}, b.getI8Type());
  b.setInsertionPointToEnd(module.getBody());
  auto func = func::FuncOp::create(b, key, b.getFunctionType({input, output, arena}, {}));
  func->setAttr("tfl.signature", b.getStringAttr(key));
  b.setInsertionPointToStart(func.addEntryBlock());
  auto sum = cast<ShapedType>(sumType);
  Value zero = arith::ConstantOp::create(b, sumType, cast<TypedAttr>(b.getZeroAttr(sum)));
  SmallVector<Value> initial(sums, zero);
  Value lower = arith::ConstantIndexOp::create(b, 0);
  Value upper = arith::ConstantIndexOp::create(b, last);
  Value increment = arith::ConstantIndexOp::create(b, step);
  auto loop = scf::ForOp::create(b, lower, upper, increment, initial);
  {
    OpBuilder::InsertionGuard guard(b);
    b.setInsertionPointToStart(loop.getBody());
    scf::YieldOp::create(b, body(loop.getInductionVar(), loop.getRegionIterArgs()));
  }
  auto elements = MemRefType::get({sums * lanes}, sum.getElementType());
  Value to = memref::ViewOp::create(b, elements, func.getArgument(1), lower, ValueRange{});
  for (auto [i, value] : llvm::enumerate(loop.getResults()))
    vector::StoreOp::create(b, value, to, ValueRange{arith::ConstantIndexOp::create(b, i * lanes)});
  func::ReturnOp::create(b);

  SignatureInfo signature;
  signature.key = signature.function = key.str();
  signature.inputs = {bytes("in", inputBytes)};
  signature.outputs = {bytes("out", outputBytes)};
  info.signatures.push_back(std::move(signature));
}

int64_t PeakBuilder::addMacs(StringRef key, FactorKind factors) {
  const DotProduct &dot = *target.instructions.dot;
  bool isFloat = factors == FactorKind::Float;
  bool quadruples = factors == FactorKind::Byte && dot.sumsLanes && dot.hasBytes();
  bool pairs = dot.addsWordPairs() && target.vectorBits;
  unsigned group = isFloat ? 1 : quadruples ? 4 : pairs ? 2 : 1;
  Type factor = isFloat      ? Type(b.getF32Type())
                : quadruples ? Type(b.getI8Type())
                             : Type(b.getI16Type());
  Type sum = isFloat ? Type(b.getF32Type()) : Type(b.getI32Type());
  auto body = [&](Value, ValueRange carried) {
    Type type = vectorOf(factor, lanes * group);
    Value one = arith::ConstantOp::create(
        b, type,
        DenseElementsAttr::get(cast<ShapedType>(type),
                               isFloat ? Attribute(b.getF32FloatAttr(0.5f))
                                       : Attribute(b.getIntegerAttr(factor, 1))));
    Value rhs = opaque(one);
    SmallVector<Value> next;
    for (Value value : carried) {
      Value lhs = opaque(rhs);
      if (isFloat && target.hasFMA) {
        next.push_back(vector::FMAOp::create(b, lhs, rhs, value));
      } else if (isFloat) {
        next.push_back(arith::AddFOp::create(b, value, arith::MulFOp::create(b, lhs, rhs)));
      } else if (group > 1) {
        auto sum = tflrt::DotOp::create(b, value.getType(), value, lhs, rhs);
        sum.setLhsUnsigned(quadruples && !dot.signedBytes);
        next.push_back(sum);
      } else {
        Value product = arith::MulIOp::create(b, arith::ExtSIOp::create(b, value.getType(), lhs),
                                              arith::ExtSIOp::create(b, value.getType(), rhs));
        next.push_back(arith::AddIOp::create(b, value, product));
      }
      rhs = lhs;
    }
    return next;
  };
  addLoop(key, 1, vectorOf(sum, lanes), numIterations, 1, body);
  return numIterations * sums * lanes * group;
}

void PeakBuilder::addRead(StringRef key, int64_t size) {
  int64_t perIteration = sums * lanes;
  int64_t elements = size / 4 / perIteration * perIteration;
  auto body = [&](Value iteration, ValueRange carried) {
    Block *entry = &cast<func::FuncOp>(module.lookupSymbol(key)).front();
    Value zero = arith::ConstantIndexOp::create(b, 0);
    Value from = memref::ViewOp::create(b, MemRefType::get({size / 4}, b.getI32Type()),
                                        entry->getArgument(0), zero, ValueRange{});
    SmallVector<Value> next;
    for (auto [i, value] : llvm::enumerate(carried)) {
      Value at = arith::AddIOp::create(b, iteration, arith::ConstantIndexOp::create(b, i * lanes));
      auto type = cast<VectorType>(value.getType());
      next.push_back(
          arith::AddIOp::create(b, value, vector::LoadOp::create(b, type, from, ValueRange{at})));
    }
    return next;
  };
  addLoop(key, size, vectorOf(b.getI32Type(), lanes), elements, perIteration, body);
}

/// The shortest of the calls that fit into `secondsPerLimit`, in seconds.
static double timeCall(CompiledModel::PackedFunction function, void *input, void *output,
                       void *arena) {
  using Clock = std::chrono::steady_clock;
  auto since = [](Clock::time_point start) {
    return std::chrono::duration<double>(Clock::now() - start).count();
  };
  void *inputs[] = {input}, *outputs[] = {output};
  double best = 0;
  Clock::time_point begin = Clock::now();
  for (unsigned calls = 0; calls < 4 || since(begin) < secondsPerLimit; ++calls) {
    Clock::time_point start = Clock::now();
    function(inputs, outputs, arena, nullptr);
    double seconds = since(start);
    if (calls > 0 && (best == 0 || seconds < best)) // the first call warms up
      best = seconds;
  }
  return best;
}

llvm::Expected<MachinePeak> tflc::measureMachinePeak(const TargetInfo &target) {
  DialectRegistry registry;
  registerCompileDialects(registry);
  registry.insert<tflrt::TFLRTDialect, func::FuncDialect, arith::ArithDialect, scf::SCFDialect,
                  memref::MemRefDialect, vector::VectorDialect, LLVM::LLVMDialect>();
  MLIRContext context(registry, MLIRContext::Threading::DISABLED);
  context.loadAllAvailableDialects();
  std::string message;
  ScopedDiagnosticHandler handler(&context, [&](Diagnostic &diagnostic) {
    message += diagnostic.str();
    return success();
  });

  OwningOpRef<ModuleOp> module = ModuleOp::create(UnknownLoc::get(&context));
  setTarget(*module, target);
  PeakBuilder builder(*module, target);
  int64_t byteMacs = builder.addMacs("bytes", FactorKind::Byte);
  int64_t wordMacs = builder.addMacs("words", FactorKind::Word);
  int64_t floatMacs = builder.addMacs("floats", FactorKind::Float);
  for (int64_t size : bufferSizes)
    builder.addRead("read" + std::to_string(size), size);
  builder.info.name = "peak";

  CompileOptions options;
  options.target = target;
  CompileResult result;
  result.name = builder.info.name;
  result.model = std::move(builder.info);
  PassManager manager(&context);
  manager.addPass(createExpandDot());
  buildPhase(manager, Phase::LLVM, PhaseOptions());
  if (failed(manager.run(*module)) || failed(generateCode(*module, options, result)))
    return llvm::createStringError("the loops that measure this machine do not compile: " +
                                   message);
  llvm::Expected<std::unique_ptr<CompiledModel>> model = CompiledModel::create(result);
  if (!model)
    return model.takeError();

  constexpr size_t alignment = 64, outputBytes = 64 << 10;
  size_t inputBytes = *std::max_element(std::begin(bufferSizes), std::end(bufferSizes));
  void *input = llvm::allocate_buffer(inputBytes, alignment);
  void *output = llvm::allocate_buffer(outputBytes, alignment);
  std::memset(input, 1, inputBytes); // pages that exist
  int64_t arena = 0;
  auto time = [&](const std::string &key) {
    return timeCall((*model)->getFunction(key), input, output, &arena);
  };
  MachinePeak peak;
  peak.byteMacs = byteMacs / time("bytes");
  peak.wordMacs = wordMacs / time("words");
  peak.floatMacs = floatMacs / time("floats");
  for (int64_t size : bufferSizes)
    peak.readBandwidth.emplace_back(size, size / time("read" + std::to_string(size)));
  llvm::deallocate_buffer(input, inputBytes, alignment);
  llvm::deallocate_buffer(output, outputBytes, alignment);
  return peak;
}

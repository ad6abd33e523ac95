//===- tflc.hpp - compiled models in C++17 ----------------------*- C++ -*-===//
//
// Part of tflc, under the Apache License 2.0.
//
// Header only, on top of tflc.h and runtime/src. Whoever knows TensorFlow Lite's Interpreter knows
// this one:
//
//   tflc::Interpreter interpreter(mnist_model);
//   if (!interpreter.allocateTensors())
//     ...
//   tflc::Span<float> image = interpreter.typedInputTensor<float>(0);
//   std::copy(pixels.begin(), pixels.end(), image.begin());
//   if (tflc::Status status = interpreter.invoke(); !status)
//     std::puts(status.text());
//   tflc::Span<float> scores = interpreter.typedOutputTensor<float>(0);
//
// Works without exceptions and run-time type information. Where TFLC_EXCEPTIONS is defined as 1, a
// status other than ok is thrown as tflc::Error instead.
//
//===----------------------------------------------------------------------===//

#ifndef TFLC_TFLC_HPP
#define TFLC_TFLC_HPP

#include "tflc/tflc.h"
#include "tflc/threads.h"

#include <algorithm>
#include <cmath>
#include <complex>
#include <cstddef>
#include <cstring>
#include <limits>
#include <memory>
#include <type_traits>
#include <vector>

#ifndef TFLC_EXCEPTIONS
#define TFLC_EXCEPTIONS 0
#endif
#if TFLC_EXCEPTIONS
#include <stdexcept>
#endif

namespace tflc {

/// What a call came to; true where it went well.
class [[nodiscard]] Status {
public:
  Status(tflc_status code = TFLC_OK) : value(code) {}

  bool ok() const { return value == TFLC_OK; }
  explicit operator bool() const { return ok(); }
  tflc_status code() const { return value; }
  const char *text() const { return tflc_status_text(value); }

private:
  tflc_status value;
};

#if TFLC_EXCEPTIONS
class Error : public std::runtime_error {
public:
  explicit Error(Status status) : std::runtime_error(status.text()), status(status) {}
  const Status status;
};
#endif

namespace detail {
inline Status report(Status status) {
#if TFLC_EXCEPTIONS
  if (!status)
    throw Error(status);
#endif
  return status;
}
} // namespace detail

/// Elements in a row that belong to someone else (std::span is younger than C++17).
template <typename T> class Span {
public:
  Span() = default;
  Span(T *data, size_t size) : first(data), count(size) {}

  T *data() const { return first; }
  size_t size() const { return count; }
  bool empty() const { return count == 0; }
  T *begin() const { return first; }
  T *end() const { return first + count; }
  T &operator[](size_t index) const { return first[index]; }

private:
  T *first = nullptr;
  size_t count = 0;
};

namespace detail {
template <typename T> constexpr bool isElement(uint8_t) { return false; }
template <> constexpr bool isElement<float>(uint8_t type) { return type == TFLC_FLOAT32; }
template <> constexpr bool isElement<double>(uint8_t type) { return type == TFLC_FLOAT64; }
template <> constexpr bool isElement<bool>(uint8_t type) { return type == TFLC_BOOL; }
template <> constexpr bool isElement<int8_t>(uint8_t type) {
  return type == TFLC_INT8 || type == TFLC_INT4;
}
template <> constexpr bool isElement<uint8_t>(uint8_t type) {
  return type == TFLC_UINT8 || type == TFLC_BOOL;
}
template <> constexpr bool isElement<int16_t>(uint8_t type) { return type == TFLC_INT16; }
/// Half-precision numbers are handed over as their bits.
template <> constexpr bool isElement<uint16_t>(uint8_t type) {
  return type == TFLC_UINT16 || type == TFLC_FLOAT16 || type == TFLC_BFLOAT16;
}
template <> constexpr bool isElement<int32_t>(uint8_t type) { return type == TFLC_INT32; }
template <> constexpr bool isElement<uint32_t>(uint8_t type) { return type == TFLC_UINT32; }
template <> constexpr bool isElement<int64_t>(uint8_t type) { return type == TFLC_INT64; }
template <> constexpr bool isElement<uint64_t>(uint8_t type) { return type == TFLC_UINT64; }
template <> constexpr bool isElement<std::complex<float>>(uint8_t type) {
  return type == TFLC_COMPLEX64;
}
template <> constexpr bool isElement<std::complex<double>>(uint8_t type) {
  return type == TFLC_COMPLEX128;
}

/// Memory that all signatures of an interpreter share: its own, or the caller's.
struct Arena {
  std::vector<unsigned char> storage;
  void *data = nullptr;
  size_t size = 0;
  bool isForeign = false;
  /// Whether the variables have got their initial values.
  bool isReset = false;

  /// Makes room for `bytes`; the first `kept` bytes keep their values.
  bool grow(size_t bytes, size_t alignment, size_t kept) {
    if (data && bytes <= size)
      return true;
    if (isForeign)
      return false;
    std::vector<unsigned char> larger(bytes + alignment);
    void *start = larger.data();
    size_t space = larger.size();
    if (!std::align(alignment, std::max<size_t>(bytes, 1), start, space))
      return false;
    if (data && kept)
      std::memcpy(start, data, kept);
    storage = std::move(larger);
    data = start;
    size = bytes;
    return true;
  }
};
} // namespace detail

/// Details of an input or output: what get_input_details() of the Python interpreter tells.
class TensorDetails {
public:
  TensorDetails(const tflc_runner &runner, const tflc_tensor &tensor)
      : runner(&runner), tensor(&tensor) {}

  const char *name() const { return tensor->name; }
  const char *tensorName() const { return tensor->tensor_name; }
  uint8_t type() const { return tensor->type; }
  size_t rank() const { return tensor->rank; }
  int64_t dim(size_t index) const { return tflc_dim(runner, tensor, index); }
  /// The present shape.
  std::vector<int32_t> shape() const {
    std::vector<int32_t> sizes(rank());
    for (size_t i = 0; i < sizes.size(); ++i)
      sizes[i] = static_cast<int32_t>(dim(i));
    return sizes;
  }
  /// The model's shape, with -1 where it leaves a dimension open.
  std::vector<int32_t> shapeSignature() const {
    std::vector<int32_t> sizes(tensor->shape, tensor->shape + rank());
    for (int32_t &size : sizes)
      size = std::max<int32_t>(size, -1);
    return sizes;
  }
  size_t size() const {
    size_t count = 1;
    for (size_t i = 0; i < rank(); ++i)
      count *= static_cast<size_t>(dim(i));
    return count;
  }
  size_t bytes() const { return tflc_tensor_bytes(runner, tensor); }

  bool isQuantized() const { return tensor->num_scales != 0; }
  float scale() const { return isQuantized() ? tensor->scales[0] : 0.0f; }
  int32_t zeroPoint() const { return isQuantized() ? tensor->zero_points[0] : 0; }
  Span<const float> scales() const { return {tensor->scales, tensor->num_scales}; }
  Span<const int32_t> zeroPoints() const { return {tensor->zero_points, tensor->num_scales}; }
  int axis() const { return tensor->axis; }

  float dequantize(int32_t value) const {
    return scale() * static_cast<float>(value - zeroPoint());
  }
  /// The integer nearest to a real number, within the tensor's type.
  template <typename T> T quantize(float value) const {
    float lowest = static_cast<float>(std::numeric_limits<T>::min()) - zeroPoint();
    float highest = static_cast<float>(std::numeric_limits<T>::max()) - zeroPoint();
    float steps = std::round(value / scale());
    if (!(steps > lowest))
      return std::numeric_limits<T>::min();
    if (steps >= highest)
      return std::numeric_limits<T>::max();
    return static_cast<T>(static_cast<int32_t>(steps) + zeroPoint());
  }

private:
  const tflc_runner *runner;
  const tflc_tensor *tensor;
};

/// One signature with memory for its inputs and outputs. Belongs to an interpreter.
class SignatureRunner {
public:
  SignatureRunner(const SignatureRunner &) = delete;
  SignatureRunner &operator=(const SignatureRunner &) = delete;

  const char *key() const { return isUsable() ? runner.signature->key : ""; }
  size_t inputCount() const { return isUsable() ? runner.signature->num_inputs : 0; }
  size_t outputCount() const { return isUsable() ? runner.signature->num_outputs : 0; }
  TensorDetails inputDetails(size_t index) const {
    return {runner, runner.signature->inputs[index]};
  }
  TensorDetails outputDetails(size_t index) const {
    return {runner, runner.signature->outputs[index]};
  }
  /// The number of the tensor with that name, or -1.
  int32_t inputIndex(const char *name) const { return tflc_find_input(runner.signature, name); }
  int32_t outputIndex(const char *name) const { return tflc_find_output(runner.signature, name); }

  /// Another shape for an input; allocateTensors() has to follow.
  Status resizeInputTensor(size_t index, const std::vector<int32_t> &shape) {
    return detail::report(tflc_resize_input(&runner, toNumber(index), shape.data(), shape.size()));
  }
  Status resizeInputTensor(const char *name, const std::vector<int32_t> &shape) {
    return resizeInputTensor(static_cast<size_t>(inputIndex(name)), shape);
  }

  /// Makes room in the arena and for all inputs and outputs. Variables keep their values, except
  /// at the first time, when they get their initial ones.
  Status allocateTensors() { return detail::report(allocate()); }

  /// The elements of an input or output. Empty before allocateTensors(), where there is no such
  /// tensor, and where its elements are not of type T.
  template <typename T> Span<T> typedInputTensor(size_t index) {
    return index < inputCount() ? view<T>(index, runner.signature->inputs[index]) : Span<T>();
  }
  template <typename T> Span<T> typedInputTensor(const char *name) {
    return typedInputTensor<T>(static_cast<size_t>(inputIndex(name)));
  }
  template <typename T> Span<const T> typedOutputTensor(size_t index) const {
    return index < outputCount()
               ? view<const T>(inputCount() + index, runner.signature->outputs[index])
               : Span<const T>();
  }
  template <typename T> Span<const T> typedOutputTensor(const char *name) const {
    return typedOutputTensor<T>(static_cast<size_t>(outputIndex(name)));
  }

  /// Memory of the caller instead of the runner's own, after allocateTensors(). It has to live
  /// until the last invocation.
  Status setInput(size_t index, const void *data, size_t bytes) {
    return detail::report(tflc_set_input(&runner, toNumber(index), data, bytes));
  }
  Status setOutput(size_t index, void *data, size_t bytes) {
    return detail::report(tflc_set_output(&runner, toNumber(index), data, bytes));
  }

  Status invoke() {
    if (!isUsable())
      return detail::report(created);
    // Another signature may have made the arena larger, and so moved it.
    if (arena->data && runner.arena != arena->data)
      if (tflc_status status = bind(); status != TFLC_OK)
        return detail::report(status);
    return detail::report(invokeUntilEnough());
  }

  /// Gives all variables of the model their initial value again.
  Status resetVariableTensors() { return detail::report(tflc_reset(&runner)); }

  size_t arenaSize() const { return runner.arena_size; }

private:
  friend class Interpreter;

  SignatureRunner(const tflc_model &model, const char *key, detail::Arena &arena) : arena(&arena) {
    const tflc_signature *signature = tflc_find_signature(&model, key);
    if (signature)
      buffers.resize(size_t(signature->num_inputs) + signature->num_outputs);
    // A model without inputs and outputs still needs an address.
    buffers.reserve(1);
    created = tflc_init(&runner, &model, key, buffers.data(), buffers.size());
  }

  bool isUsable() const { return created == TFLC_OK; }
  static int32_t toNumber(size_t index) {
    return index <= 0x7fffffff ? static_cast<int32_t>(index) : -1;
  }

  /// Takes over the arena as it stands, with the values of the variables in it.
  tflc_status bind() {
    tflc_runner other = runner;
    other.arena = arena->data;
    other.arena_bytes = arena->size;
    return tflc_share_arena(&runner, &other);
  }

  /// Invokes; where data ask for more memory than there is, makes it larger and invokes again, from
  /// the state of before. Memory of the caller stays as large as it is.
  tflc_status invokeUntilEnough() {
    auto *begin = static_cast<unsigned char *>(arena->data);
    size_t kept = arena->data ? runner.model->state_size : 0;
    std::vector<unsigned char> state(begin, begin + (runner.signature->num_limits ? kept : 0));
    while (true) {
      tflc_status status = tflc_invoke(&runner);
      bool isLarger = (status == TFLC_LARGER_ARENA_NEEDED && growArena()) ||
                      (status == TFLC_LARGER_OUTPUT_NEEDED && growOutputs());
      if (!isLarger)
        return status;
      if (!state.empty())
        std::memcpy(arena->data, state.data(), state.size());
    }
  }

  bool growArena() {
    return arena->size < runner.arena_size &&
           arena->grow(runner.arena_size, runner.model->arena_alignment,
                       runner.model->state_size) &&
           bind() == TFLC_OK;
  }

  /// Whether an output of the runner's own has been made larger.
  bool growOutputs() {
    bool isLarger = false;
    for (size_t i = inputCount(); i < buffers.size(); ++i) {
      size_t bytes = tflc_tensor_bytes(&runner, &runner.signature->outputs[i - inputCount()]);
      bool isOwn = buffers[i] == owned[i].data();
      if (!isOwn || bytes == SIZE_MAX || bytes <= ownedBytes[i])
        continue;
      isLarger |= setOwned(i, bytes) == TFLC_OK;
    }
    return isLarger;
  }

  /// Gives an input or output memory of the runner's own.
  tflc_status setOwned(size_t i, size_t bytes) {
    owned[i].assign(bytes / sizeof(std::max_align_t) + 1, std::max_align_t());
    ownedBytes[i] = bytes;
    if (i < inputCount())
      return tflc_set_input(&runner, toNumber(i), owned[i].data(), bytes);
    return tflc_set_output(&runner, toNumber(i - inputCount()), owned[i].data(), bytes);
  }

  tflc_status allocate() {
    if (!isUsable())
      return created;
    if (!arena->grow(runner.arena_size, runner.model->arena_alignment, runner.model->state_size))
      return TFLC_ARENA_TOO_SMALL;
    if (tflc_status status = bind(); status != TFLC_OK)
      return status;
    if (!arena->isReset)
      if (tflc_status status = tflc_reset(&runner); status != TFLC_OK)
        return status;
    arena->isReset = true;
    owned.resize(buffers.size());
    ownedBytes.resize(buffers.size());
    for (size_t i = 0; i < buffers.size(); ++i) {
      bool isInput = i < inputCount();
      const tflc_tensor &tensor =
          isInput ? runner.signature->inputs[i] : runner.signature->outputs[i - inputCount()];
      size_t bytes = tflc_tensor_bytes(&runner, &tensor);
      // An output without a limit begins small.
      if (tflc_status status = setOwned(i, isInput || bytes != SIZE_MAX ? bytes : 0);
          status != TFLC_OK)
        return status;
    }
    return TFLC_OK;
  }

  template <typename T> Span<T> view(size_t buffer, const tflc_tensor &tensor) const {
    if (!detail::isElement<std::remove_const_t<T>>(tensor.type) || !buffers[buffer])
      return {};
    return {static_cast<T *>(buffers[buffer]), tflc_tensor_bytes(&runner, &tensor) / sizeof(T)};
  }

  tflc_runner runner{};
  std::vector<void *> buffers;
  std::vector<std::vector<std::max_align_t>> owned;
  // What has been handed over of them, which is less than they hold.
  std::vector<size_t> ownedBytes;
  detail::Arena *arena;
  tflc_status created;
};

/// A model ready to run. Each thread that invokes needs an interpreter of its own.
class Interpreter {
public:
  /// Owns its arena.
  explicit Interpreter(const tflc_model &model) : model(model) {}
  /// The same with a pool of so many threads, the caller's included, for a model compiled with
  /// --threads. Link runtime/threads/threads.c, too. `threadCount` tells how many the system has
  /// given.
  Interpreter(const tflc_model &model, int threads)
      : model(model), pool(tflc_pool_create(threads), tflc_pool_destroy),
        parallel(tflc_pool_parallel(pool.get())), threads(tflc_pool_threads(pool.get())) {}
  /// Works in the caller's memory, aligned as the model's header says.
  Interpreter(const tflc_model &model, void *memory, size_t bytes) : model(model) {
    arena.data = memory;
    arena.size = bytes;
    arena.isForeign = true;
  }
  Interpreter(const Interpreter &) = delete;
  Interpreter &operator=(const Interpreter &) = delete;

  const char *name() const { return model.name; }
  int threadCount() const { return threads; }
  size_t signatureCount() const { return model.num_signatures; }
  const char *signatureKey(size_t index) const { return model.signatures[index].key; }

  /// The runner of a signature, made at the first call; null if there is none of that key. All
  /// runners share the model's variables.
  SignatureRunner *signatureRunner(const char *key) {
    return tflc_find_signature(&model, key) ? &findRunner(key) : nullptr;
  }

  // Everything below is about the model's first signature.
  Status allocateTensors() { return main().allocateTensors(); }
  Status invoke() { return main().invoke(); }
  Status resizeInputTensor(size_t index, const std::vector<int32_t> &shape) {
    return main().resizeInputTensor(index, shape);
  }
  Status resetVariableTensors() { return main().resetVariableTensors(); }
  size_t inputCount() { return main().inputCount(); }
  size_t outputCount() { return main().outputCount(); }
  TensorDetails inputDetails(size_t index) { return main().inputDetails(index); }
  TensorDetails outputDetails(size_t index) { return main().outputDetails(index); }
  template <typename T> Span<T> typedInputTensor(size_t index) {
    return main().typedInputTensor<T>(index);
  }
  template <typename T> Span<const T> typedOutputTensor(size_t index) {
    return main().typedOutputTensor<T>(index);
  }
  size_t arenaSize() { return main().arenaSize(); }

private:
  SignatureRunner &findRunner(const char *key) {
    const tflc_signature *signature = tflc_find_signature(&model, key);
    for (auto &runner : runners)
      if (runner->runner.signature == signature)
        return *runner;
    runners.emplace_back(new SignatureRunner(model, key, arena));
    if (threads > 1)
      tflc_set_parallel(&runners.back()->runner, &parallel);
    return *runners.back();
  }

  /// A model of another ABI version gets a runner, too, whose every call says so.
  SignatureRunner &main() { return findRunner(nullptr); }

  const tflc_model &model;
  /// The deleter is a value, so that programs without threads do not need the pool's source.
  std::unique_ptr<tflc_pool, void (*)(tflc_pool *)> pool{nullptr, [](tflc_pool *) {}};
  tflc_parallel parallel{};
  int threads = 1;
  detail::Arena arena;
  std::vector<std::unique_ptr<SignatureRunner>> runners;
};

} // namespace tflc

#endif // TFLC_TFLC_HPP

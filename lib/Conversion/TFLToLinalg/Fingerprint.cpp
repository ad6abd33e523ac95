//===- Fingerprint.cpp - FarmHash of known lengths ------------------------===//
//
// Part of tflc, under the Apache License 2.0.
//
// The arithmetic of farmhashna (G. Pike, J. Alakuijala): one mix of words for each range of
// lengths. The length is known, so that what is emitted has no branch and no loop.
//
//===----------------------------------------------------------------------===//

#include "Fingerprint.h"

#include <utility>

using namespace mlir;
using namespace tflc;

static constexpr uint64_t k0 = 0xc3a5c85c97cb3127, k1 = 0xb492b66fbe98f273, k2 = 0x9ae16a3b2f90404f;

namespace {

using Pair = std::pair<Value, Value>;

class Hasher {
public:
  Hasher(ScalarBuilder &b, ArrayRef<Value> bytes) : b(b), bytes(bytes) {}

  Value hash();

private:
  Value number(uint64_t value) { return b.integer(b.i64(), int64_t(value)); }
  Value add(Value lhs, Value rhs) { return b.add(lhs, rhs); }
  Value mul(Value lhs, Value rhs) { return b.mul(lhs, rhs); }
  Value mul(Value lhs, uint64_t rhs) { return b.mul(lhs, number(rhs)); }
  Value exclusiveOr(Value lhs, Value rhs) { return b.emit<arith::XOrIOp>(lhs, rhs); }
  Value rotate(Value value, unsigned distance);
  Value mixShift(Value value) {
    return exclusiveOr(value, b.emit<arith::ShRUIOp>(value, number(47)));
  }
  /// Bytes from `at` on as a number, the first one lowest.
  Value fetch(size_t at, size_t count = 8);
  Value mix(Value u, Value v, Value multiplier);
  Pair mixWeakly(size_t at, Value first, Value second);

  Value hashUpTo16();
  Value hashUpTo32();
  Value hashUpTo64();
  Value hashLong();

  ScalarBuilder &b;
  ArrayRef<Value> bytes;
};

} // namespace

Value Hasher::rotate(Value value, unsigned distance) {
  return b.emit<arith::OrIOp>(b.emit<arith::ShRUIOp>(value, number(distance)),
                              b.emit<arith::ShLIOp>(value, number(64 - distance)));
}

Value Hasher::fetch(size_t at, size_t count) {
  Value word = bytes[at];
  for (size_t i = 1; i < count; ++i)
    word = b.emit<arith::OrIOp>(word, b.emit<arith::ShLIOp>(bytes[at + i], number(8 * i)));
  return word;
}

Value Hasher::mix(Value u, Value v, Value multiplier) {
  Value a = mixShift(mul(exclusiveOr(u, v), multiplier));
  return mul(mixShift(mul(exclusiveOr(v, a), multiplier)), multiplier);
}

/// Mixes 32 bytes into two words.
Pair Hasher::mixWeakly(size_t at, Value first, Value second) {
  Value word3 = fetch(at + 24);
  Value a = add(first, fetch(at));
  Value c = a;
  Value bits = rotate(add(add(second, a), word3), 21);
  a = add(add(a, fetch(at + 8)), fetch(at + 16));
  bits = add(bits, rotate(a, 44));
  return {add(a, word3), add(bits, c)};
}

Value Hasher::hashUpTo16() {
  size_t size = bytes.size();
  Value multiplier = number(k2 + size * 2);
  if (size >= 8) {
    Value a = add(fetch(0), number(k2)), last = fetch(size - 8);
    Value c = add(mul(rotate(last, 37), multiplier), a);
    Value d = mul(add(rotate(a, 25), last), multiplier);
    return mix(c, d, multiplier);
  }
  if (size >= 4) {
    Value a = add(b.emit<arith::ShLIOp>(fetch(0, 4), number(3)), number(size));
    return mix(a, fetch(size - 4, 4), multiplier);
  }
  if (size == 0)
    return number(k2);
  Value y = add(bytes[0], b.emit<arith::ShLIOp>(bytes[size >> 1], number(8)));
  Value z = add(number(size), b.emit<arith::ShLIOp>(bytes[size - 1], number(2)));
  return mul(mixShift(exclusiveOr(mul(y, k2), mul(z, k0))), k2);
}

Value Hasher::hashUpTo32() {
  size_t size = bytes.size();
  Value multiplier = number(k2 + size * 2);
  Value a = mul(fetch(0), k1), second = fetch(8);
  Value c = mul(fetch(size - 8), multiplier), d = mul(fetch(size - 16), k2);
  Value u = add(add(rotate(add(a, second), 43), rotate(c, 30)), d);
  Value v = add(add(a, rotate(add(second, number(k2)), 18)), c);
  return mix(u, v, multiplier);
}

Value Hasher::hashUpTo64() {
  size_t size = bytes.size();
  Value multiplier = number(k2 + size * 2);
  Value a = mul(fetch(0), k2), second = fetch(8);
  Value c = mul(fetch(size - 8), multiplier), d = mul(fetch(size - 16), k2);
  Value y = add(add(rotate(add(a, second), 43), rotate(c, 30)), d);
  Value z = mix(y, add(add(a, rotate(add(second, number(k2)), 18)), c), multiplier);
  Value e = mul(fetch(16), multiplier), f = fetch(24);
  Value g = mul(add(y, fetch(size - 32)), multiplier);
  Value h = mul(add(z, fetch(size - 24)), multiplier);
  return mix(add(add(rotate(add(e, f), 43), rotate(g, 30)), h),
             add(add(e, rotate(add(f, a), 18)), g), multiplier);
}

Value Hasher::hashLong() {
  constexpr uint64_t seed = 81;
  size_t size = bytes.size(), end = (size - 1) / 64 * 64, rest = (size - 1) & 63;
  Value x = add(number(seed * k2), fetch(0)), y = number(seed * k1 + 113);
  Value z = mul(mixShift(add(mul(y, k2), number(113))), k2);
  Pair v = {number(0), number(0)}, w = v;
  // One block of 64 bytes; the last one, which may begin within the one before, weighs some words.
  auto mixBlock = [&](size_t at, Value multiplier, uint64_t weight) {
    x = mul(rotate(add(add(add(x, y), v.first), fetch(at + 8)), 37), multiplier);
    y = mul(rotate(add(add(y, v.second), fetch(at + 48)), 42), multiplier);
    x = exclusiveOr(x, mul(w.second, weight));
    y = add(y, add(mul(v.first, weight), fetch(at + 40)));
    z = mul(rotate(add(z, w.first), 33), multiplier);
    v = mixWeakly(at, mul(v.second, multiplier), add(x, w.first));
    w = mixWeakly(at + 32, add(z, w.second), add(y, fetch(at + 16)));
    std::swap(z, x);
  };
  for (size_t at = 0; at != end; at += 64)
    mixBlock(at, number(k1), 1);
  Value low = b.emit<arith::AndIOp>(z, number(0xff));
  Value multiplier = add(number(k1), b.emit<arith::ShLIOp>(low, number(1)));
  w.first = add(w.first, number(rest));
  v.first = add(v.first, w.first);
  w.first = add(w.first, v.first);
  mixBlock(end + rest - 63, multiplier, 9);
  Value first = add(add(mix(v.first, w.first, multiplier), mul(mixShift(y), k0)), z);
  Value second = add(mix(v.second, w.second, multiplier), x);
  return mix(first, second, multiplier);
}

Value Hasher::hash() {
  if (bytes.size() <= 16)
    return hashUpTo16();
  if (bytes.size() <= 32)
    return hashUpTo32();
  return bytes.size() <= 64 ? hashUpTo64() : hashLong();
}

Value tflc::computeFingerprint(ScalarBuilder &b, ArrayRef<Value> bytes) {
  return Hasher(b, bytes).hash();
}

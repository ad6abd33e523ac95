//===- Philox.cpp - random bits from a counter ----------------------------===//
//
// Part of tflc, under the Apache License 2.0.
//
//===----------------------------------------------------------------------===//

#include "Philox.h"

using namespace mlir;
using namespace tflc;

PhiloxCounter PhiloxCounter::advance(ScalarBuilder &b, Value count) const {
  Value sum = b.add(low, count);
  Value isCarried = b.compare(arith::CmpIPredicate::ult, sum, low);
  return {sum, b.add(high, b.emit<arith::ExtUIOp>(b.i64(), isCarried))};
}

/// The lower and the upper half of the product of two unsigned words.
static std::pair<Value, Value> multiplyWords(ScalarBuilder &b, Value word, uint32_t factor) {
  Value wide = b.mul(b.emit<arith::ExtUIOp>(b.i64(), word), b.integer(b.i64(), factor));
  Value high = b.emit<arith::ShRUIOp>(wide, b.integer(b.i64(), 32));
  return {b.emit<arith::TruncIOp>(b.i32(), wide), b.emit<arith::TruncIOp>(b.i32(), high)};
}

std::array<Value, 4> tflc::generateWords(ScalarBuilder &b, const PhiloxCounter &counter,
                                         uint64_t key) {
  // The constants of the paper's reference: multipliers, and what a key grows by in each round.
  constexpr uint32_t factors[] = {0xd2511f53, 0xcd9e8d57}, growth[] = {0x9e3779b9, 0xbb67ae85};
  constexpr unsigned numRounds = 10;
  auto split = [&](Value wide) -> std::pair<Value, Value> {
    Value high = b.emit<arith::ShRUIOp>(wide, b.integer(b.i64(), 32));
    return {b.emit<arith::TruncIOp>(b.i32(), wide), b.emit<arith::TruncIOp>(b.i32(), high)};
  };
  auto [word0, word1] = split(counter.low);
  auto [word2, word3] = split(counter.high);
  std::array<Value, 4> words = {word0, word1, word2, word3};
  uint32_t keys[] = {uint32_t(key), uint32_t(key >> 32)};
  for (unsigned round = 0; round < numRounds; ++round) {
    auto [low0, high0] = multiplyWords(b, words[0], factors[0]);
    auto [low1, high1] = multiplyWords(b, words[2], factors[1]);
    auto mix = [&](Value high, Value word, uint32_t part) -> Value {
      return b.emit<arith::XOrIOp>(b.emit<arith::XOrIOp>(high, word),
                                   b.integer(b.i32(), int32_t(part)));
    };
    words = {mix(high1, words[1], keys[0]), low1, mix(high0, words[3], keys[1]), low0};
    keys[0] += growth[0];
    keys[1] += growth[1];
  }
  return words;
}

Value tflc::convertToFraction(ScalarBuilder &b, Value word) {
  Value mantissa = b.emit<arith::AndIOp>(word, b.integer(b.i32(), 0x7fffff));
  Value scaled = b.emit<arith::SIToFPOp>(b.f32(), mantissa);
  return b.emit<arith::MulFOp>(scaled, b.constant(b.f32(), 0x1p-23));
}

//===- TapQuads.cpp - four taps of a window at once -----------------------===//
//
// Part of tflc, under the Apache License 2.0.
//
//===----------------------------------------------------------------------===//

#include "TapQuads.h"

#include "llvm/Support/MathExtras.h"

#include <map>

using namespace mlir;
using namespace tflc;

namespace {
/// One result that reads one input.
struct Read {
  unsigned point;
  int tap;
  TapPlace place;
  int64_t address;
};
/// The reads of each multiple of a distance, among addresses with the same remainder.
using Chain = std::map<int64_t, SmallVector<Read>>;
} // namespace

/// Lets input `number` of a quad meet `tap` in the first product where it meets none.
static void addTap(SmallVectorImpl<QuadTaps> &products, int64_t number, int tap) {
  auto open = llvm::find_if(products, [&](const QuadTaps &taps) { return taps[number] < 0; });
  if (open == products.end()) {
    products.push_back({-1, -1, -1, -1});
    open = std::prev(products.end());
  }
  (*open)[number] = tap;
}

/// Appends the quads of a chain to the plan, or to `singles` the reads of those with one input.
static void cutIntoQuads(const Chain &chain, QuadPlan &plan, SmallVectorImpl<Read> *singles) {
  for (auto at = chain.begin(); at != chain.end();) {
    int64_t start = at->first;
    TapQuad quad;
    auto end = chain.lower_bound(start + int64_t(quad.size()));
    if (singles && std::next(at) == end) {
      llvm::append_range(*singles, at->second);
      at = end;
      continue;
    }
    std::map<unsigned, SmallVector<QuadTaps>> tapsOf; // of each point
    for (; at != end; ++at)
      for (const Read &read : at->second) {
        int64_t number = at->first - start;
        quad[number] = read.place;
        addTap(tapsOf[read.point], number, read.tap);
      }
    for (const auto &[point, products] : tapsOf)
      for (const QuadTaps &taps : products)
        plan.products.push_back({point, unsigned(plan.quads.size()), taps});
    plan.quads.push_back(std::move(quad));
  }
}

static void cutIntoQuads(ArrayRef<Read> reads, int64_t distance, QuadPlan &plan,
                         SmallVectorImpl<Read> *singles) {
  std::map<int64_t, Chain> chains; // by remainder
  for (const Read &read : reads) {
    int64_t multiple = llvm::divideFloorSigned(read.address, distance);
    chains[read.address - multiple * distance][multiple].push_back(read);
  }
  for (const auto &[remainder, chain] : chains)
    cutIntoQuads(chain, plan, singles);
}

static SmallVector<Read> findReads(const LinearAccess &inputs, ArrayRef<TapPlace> points,
                                   ArrayRef<TapPlace> taps) {
  SmallVector<Read> reads;
  for (auto [number, point] : llvm::enumerate(points))
    for (auto [tap, step] : llvm::enumerate(taps)) {
      Read read{unsigned(number), int(tap), point, 0};
      for (auto [at, by, coefficient] : llvm::zip_equal(read.place, step, inputs.coefficients)) {
        at += by;
        read.address += at * coefficient;
      }
      reads.push_back(std::move(read));
    }
  return reads;
}

QuadPlan tflc::planTapQuads(const LinearAccess &inputs, ArrayRef<TapPlace> points,
                            ArrayRef<TapPlace> taps, unsigned along) {
  std::optional<unsigned> across; // the last other loop of the window
  for (auto [dim, last] : llvm::enumerate(taps.back()))
    if (dim != along && last > 0 && inputs.coefficients[dim] > 0)
      across = dim;
  QuadPlan plan;
  SmallVector<Read> singles;
  cutIntoQuads(findReads(inputs, points, taps), inputs.coefficients[along], plan,
               across ? &singles : nullptr);
  if (across)
    cutIntoQuads(singles, inputs.coefficients[*across], plan, nullptr);
  return plan;
}

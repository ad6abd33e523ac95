//===- Transposition.h - inputs with neighbours along another loop -*- C++ -*-===//
//
// Part of tflc, under the Apache License 2.0.
//
//===----------------------------------------------------------------------===//

#ifndef TFLC_LIB_SCHEDULE_NEST_TRANSPOSITION_H
#define TFLC_LIB_SCHEDULE_NEST_TRANSPOSITION_H

#include "LoopNest.h"

namespace tflc {

/// The loop along which `input` has neighbours in memory, if that is another one than the loop of
/// vectors, along which it moves by more than one element.
std::optional<unsigned> findTransposedLoop(const LoopNest &nest, const LinearAccess &input,
                                           unsigned vectorDim);

} // namespace tflc

#endif // TFLC_LIB_SCHEDULE_NEST_TRANSPOSITION_H

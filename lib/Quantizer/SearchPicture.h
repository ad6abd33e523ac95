//===- SearchPicture.h - what a search tried, drawn -------------*- C++ -*-===//
//
// Part of tflc, under the Apache License 2.0.
//
//===----------------------------------------------------------------------===//

#ifndef TFLC_LIB_QUANTIZER_SEARCHPICTURE_H
#define TFLC_LIB_QUANTIZER_SEARCHPICTURE_H

#include "tflc/Quantizer/Search.h"

namespace tflc {

/// All points that a search tried as SVG: to the right what costs more, upwards what is better.
/// Those on the frontier, and the one that was chosen, have names.
std::string drawFrontier(const SearchResult &search, const SearchOptions &options);

} // namespace tflc

#endif // TFLC_LIB_QUANTIZER_SEARCHPICTURE_H

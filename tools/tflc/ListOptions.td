//===- ListOptions.td - options of tflc targets and tflc ops ---*- tablegen -*-===//
//
// Part of tflc, under the Apache License 2.0.
//
//===----------------------------------------------------------------------===//

include "CommonOptions.td"

def json : LongFlag<"json", "print one JSON object">;

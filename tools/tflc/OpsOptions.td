//===- OpsOptions.td - options of tflc ops ---------------------*- tablegen -*-===//
//
// Part of tflc, under the Apache License 2.0.
//
//===----------------------------------------------------------------------===//

include "CommonOptions.td"

def json : LongFlag<"json", "print one JSON object">;
def quantization : LongFlag<"quantization", "how each operator quantizes, as a table in Markdown">;

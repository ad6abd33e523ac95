// RUN: tflc-opt %s -tfl-to-linalg -verify-diagnostics

// Every operator that has no lowering for its types is reported.
func.func @values_of_another_type() -> tensor<2xi8> {
  // expected-error @below {{operator CONST with types () -> int8[2] is not supported}}
  %0 = tfl.const dense<[1, 2]> : tensor<2xi16> -> tensor<2xi8>
  return %0 : tensor<2xi8>
}

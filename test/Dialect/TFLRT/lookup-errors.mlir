// RUN: tflc-opt %s -verify-diagnostics

func.func @short_table(%x: vector<16xi8>) -> vector<16xi8> {
  // expected-error @below {{'tflrt.lookup' op has a table of 2 bytes instead of 256}}
  %y = tflrt.lookup %x in [1, 2] : vector<16xi8>
  return %y : vector<16xi8>
}

// RUN: tflc-opt %s -split-input-file -verify-diagnostics --tflc-expand-dot

// Passes that read the target report what they cannot read, and stop.

// expected-error @below {{the entry 'dot' of tflc.target is the unknown name 'vnni1024'}}
module attributes {tflc.target = {dot = "vnni1024"}} {}

// -----

// expected-error @below {{the entry 'lookup' of tflc.target is the unknown name 'tabel'}}
module attributes {tflc.target = {lookup = "tabel"}} {}

// -----

// expected-error @below {{the entry 'float_unit' of tflc.target is the unknown name 'half'}}
module attributes {tflc.target = {float_unit = "half"}} {}

// -----

// expected-error @below {{the entry 'vector_bits' of tflc.target has the wrong type}}
module attributes {tflc.target = {vector_bits = "many"}} {}

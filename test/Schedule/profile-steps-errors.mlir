// RUN: tflc-opt %s --tflc-profile-steps -verify-diagnostics

// expected-error@+1 {{this target has no clock that a program may read}}
module attributes {tflc.target = {name = "cortex-m4"}} {
}

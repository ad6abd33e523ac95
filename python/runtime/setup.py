"""Builds the runtime's C library, which has nothing of a Python version in it: one wheel serves them all."""

from setuptools import Extension, setup

setup(
    ext_modules=[
        Extension(
            "tflc_runtime._native",
            sources=["tflc_runtime/native.c"],
            include_dirs=["include", "."],
            depends=["src/lookup.c", "src/runner.c", "src/runner.h", "src/shape.c", "src/status.c", "include/tflc/tflc.h"],
            py_limited_api=True,
        )
    ],
    options={"bdist_wheel": {"py_limited_api": "cp310"}},
)

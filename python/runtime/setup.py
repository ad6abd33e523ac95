"""Builds the runtime's C library, which has nothing of a Python version in it: one wheel serves them all."""

from glob import glob

from setuptools import Extension, setup

setup(
    ext_modules=[
        Extension(
            "tflc_runtime._native",
            sources=["tflc_runtime/native.c"],
            include_dirs=["include", "."],
            depends=[*glob("src/*.[ch]"), *glob("threads/*.c"), *glob("include/tflc/*.h")],
            libraries=["pthread"],
            py_limited_api=True,
        )
    ],
    options={"bdist_wheel": {"py_limited_api": "cp310"}},
)

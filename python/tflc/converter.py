"""TensorFlow Lite's converter, without TensorFlow.

    converter = tflc.TFLiteConverter.from_saved_model(folder)
    converter.optimizations = [tflc.Optimize.DEFAULT]
    converter.representative_dataset = dataset
    open("model.tflite", "wb").write(converter.convert())

docs/Python.md lists the differences.
"""

from __future__ import annotations

import difflib
import enum
import os
import tempfile
from collections.abc import Iterable, Sequence

import numpy as np

from . import compilation, quantizer
from .errors import ConverterError, Finding, read_findings
from .samples import Dataset, RepresentativeDataset

__all__ = ["OpsSet", "Optimize", "RepresentativeDataset", "TFLiteConverter", "TargetSpec"]


class Optimize(enum.Enum):
    """What a conversion optimizes for. The first three mean the same: quantize."""

    DEFAULT = "DEFAULT"
    OPTIMIZE_FOR_SIZE = "OPTIMIZE_FOR_SIZE"
    OPTIMIZE_FOR_LATENCY = "OPTIMIZE_FOR_LATENCY"
    EXPERIMENTAL_SPARSITY = "EXPERIMENTAL_SPARSITY"

    def __str__(self) -> str:
        return str(self.value)


class OpsSet(enum.Enum):
    """Which operators a converted model may use."""

    TFLITE_BUILTINS = "TFLITE_BUILTINS"
    SELECT_TF_OPS = "SELECT_TF_OPS"
    TFLITE_BUILTINS_INT8 = "TFLITE_BUILTINS_INT8"
    EXPERIMENTAL_TFLITE_BUILTINS_ACTIVATIONS_INT16_WEIGHTS_INT8 = "EXPERIMENTAL_TFLITE_BUILTINS_ACTIVATIONS_INT16_WEIGHTS_INT8"
    EXPERIMENTAL_STABLEHLO_OPS = "EXPERIMENTAL_STABLEHLO_OPS"

    def __str__(self) -> str:
        return str(self.value)


_INT16 = OpsSet.EXPERIMENTAL_TFLITE_BUILTINS_ACTIVATIONS_INT16_WEIGHTS_INT8


class _CheckedAttributes:
    """Attributes are those that the constructor sets; another one is an error, since it would have no effect."""

    def __setattr__(self, name: str, value) -> None:
        if not hasattr(self, name) and getattr(self, "_is_complete", False):
            known = [attribute for attribute in vars(self) if attribute != "_is_complete"]
            nearest = difflib.get_close_matches(name, known, n=1, cutoff=0.5)
            hint = f"; did you mean '{nearest[0]}'?" if nearest else ""
            raise AttributeError(f"'{type(self).__name__}' has no attribute '{name}'{hint}")
        super().__setattr__(name, value)


class TargetSpec(_CheckedAttributes):
    """What a converted model may use: `supported_ops` (OpsSet) and, for quantization, `supported_types`, as NumPy's types,
    TensorFlow's or their names."""

    def __init__(
        self,
        supported_ops: Iterable[OpsSet] | None = None,
        supported_types: Iterable | None = None,
        experimental_select_user_tf_ops: Iterable[str] | None = None,
        experimental_supported_backends: Iterable[str] | None = None,
    ):
        self.supported_ops = set(supported_ops) if supported_ops else {OpsSet.TFLITE_BUILTINS}
        self.supported_types = set(supported_types or ())
        self.experimental_select_user_tf_ops = set(experimental_select_user_tf_ops or ())
        self.experimental_supported_backends = experimental_supported_backends
        self._experimental_custom_op_registerers: list = []
        self._experimental_supported_accumulation_type = None
        self._is_complete = True


def _dtype_name(dtype) -> str:
    """ "float32" for np.float32, tf.float32, np.dtype("float32") and "float32"."""
    if isinstance(dtype, str):
        return dtype
    if hasattr(dtype, "as_numpy_dtype"):
        dtype = dtype.as_numpy_dtype
    return np.dtype(dtype).name


def _op_sets(sets: Iterable) -> set[OpsSet]:
    """TensorFlow's own enumeration is as good as ours."""
    found = set()
    for entry in sets:
        name = getattr(entry, "name", entry)
        if name not in OpsSet.__members__:
            raise ValueError(f"there is no set of operators {entry}; there are {', '.join(OpsSet.__members__)}")
        found.add(OpsSet[name])
    return found


class TFLiteConverter(_CheckedAttributes):
    """Makes a .tflite file of a SavedModel, a Keras model or concrete functions. Programs call one of the three `from_`
    functions, set attributes, and call `convert`.

    optimizations           a list of Optimize; empty: no quantization
    representative_dataset  samples to calibrate with; see RepresentativeDataset
    target_spec             a TargetSpec
    inference_input_type, inference_output_type
                            float32, or int8, uint8 or int16 for a fully quantized model
    allow_custom_ops        operations of TensorFlow for which there is no operator become custom operators
    """

    WITHOUT_EFFECT = {
        "exclude_conversion_metadata": False,
        "experimental_new_converter": True,
        "experimental_new_quantizer": True,
        "experimental_new_dynamic_range_quantizer": True,
        "experimental_enable_resource_variables": True,
        "experimental_lower_to_saved_model": True,
        "experimental_use_stablehlo_quantizer": False,
        "experimental_stablehlo_quantizer_config": None,
        "unfold_batchmatmul": False,
        "legalize_custom_tensor_list_ops": False,
        "canonicalizing_inf_as_min_max_float": True,
        "model_origin_framework": "UNSET",
        "serialize_debug_metadata": False,
        "ir_dump_dir": None,
        "ir_dump_pass_regex": None,
        "ir_dump_func_regex": None,
        "enable_timing": None,
        "print_ir_before": None,
        "print_ir_after": None,
        "print_ir_module_scope": None,
        "elide_elementsattrs_if_larger": None,
        "_experimental_allow_all_select_tf_ops": False,
        "_experimental_calibrate_only": False,
        "_experimental_default_to_single_batch_in_tensor_list_ops": False,
        "_experimental_disable_fuse_mul_and_fc": False,
        "_experimental_disable_per_channel": False,
        "_experimental_disable_per_channel_quantization_for_dense_layers": False,
        "_experimental_enable_composite_direct_lowering": True,
        "_experimental_enable_dynamic_update_slice": False,
        "_experimental_full_integer_quantization_bias_type": None,
        "_experimental_guarantee_all_funcs_one_use": False,
        "_experimental_low_bit_qat": False,
        "_experimental_lower_tensor_list_ops": True,
        "_experimental_preserve_assert_op": False,
        "_experimental_qdq_conversion_mode": None,
        "_experimental_quantization_options": None,
        "_experimental_reduce_type_precision": False,
        "_experimental_sparsify_model": False,
        "_experimental_strict_qdq": False,
        "_experimental_tf_quantization_mode": None,
        "_experimental_unfold_large_splat_constant": False,
        "_experimental_unsafe_fuse_dynamic_shaped_broadcast": False,
        "_experimental_use_buffer_offset": False,
        "_experimental_variable_quantization": False,
    }
    """Attributes of TensorFlow's converter that programs may set here, too, and their initial values."""

    def __init__(self, write_source, signature_keys: Sequence[str] = ()):
        """`write_source(folder)` gives the path of what is to be converted, which it may write into the folder."""
        self.optimizations: Iterable[Optimize] = []
        self.representative_dataset: Dataset | None = None
        self.target_spec = TargetSpec()
        self.inference_input_type = np.float32
        self.inference_output_type = np.float32
        self.allow_custom_ops = False
        for name, value in self.WITHOUT_EFFECT.items():
            setattr(self, name, value)
        self._write_source = write_source
        self._signature_keys = list(signature_keys)
        self._is_complete = True

    @classmethod
    def from_saved_model(
        cls, saved_model_dir: str | os.PathLike, signature_keys: Sequence[str] | None = None, tags: Iterable[str] | None = None
    ) -> TFLiteConverter:
        """For a SavedModel's folder; all its signatures, or those of `signature_keys`. `tags` can only be {"serve"}."""
        path = os.fspath(saved_model_dir)
        if not os.path.isdir(path):
            raise OSError(f"SavedModel file does not exist at: {path}")
        if tags is not None and set(tags) != {"serve"}:
            raise ValueError(f"tflc reads the part of a SavedModel with the tag 'serve', not {sorted(tags)}")
        return cls(lambda folder: path, signature_keys or ())

    @classmethod
    def from_keras_model(cls, model) -> TFLiteConverter:
        """For a model of Keras 2 or 3, with any backend. It is saved and read again: as a .keras file, with the older Keras as
        an .h5 file, and as a SavedModel where it holds what these cannot say, such as Python code."""
        return cls(lambda folder: _save_keras(model, folder))

    @classmethod
    def from_concrete_functions(cls, funcs: Sequence, trackable_obj=None) -> TFLiteConverter:
        """For concrete functions of TensorFlow, which has to be installed. `trackable_obj` owns the variables that they use."""
        functions = list(funcs)
        if not functions:
            raise ValueError("there is no concrete function to convert")
        for function in functions:
            if not hasattr(function, "structured_input_signature"):
                raise ValueError(
                    "This function takes in a list of concrete functions; call get_concrete_function() of a tf.function"
                )
        return cls(lambda folder: _save_functions(functions, trackable_obj, folder))

    def convert(self) -> bytes:
        """The bytes of the .tflite file. Raises ConverterError with findings, and ValueError for attributes that do not fit
        together."""
        quantization = self._choose_quantization()
        with tempfile.TemporaryDirectory(prefix="tflc") as folder:
            contents = self._convert_source(self._write_source(folder))
        return contents if quantization is None else quantizer.quantize(contents, progress=False, **quantization)

    def _convert_source(self, path) -> bytes:
        """`path` may be a list: the later ones are tried where the earlier ones cannot be converted."""
        paths = [path] if isinstance(path, str) else path
        error: ConverterError | None = None
        for candidate in paths:
            candidate = candidate() if callable(candidate) else candidate
            if candidate is None:
                continue
            contents, findings = self._convert_file(candidate)
            if contents is not None:
                return contents
            error = error or ConverterError("the model cannot be converted", findings)
        raise error

    def _convert_file(self, path: str) -> tuple[bytes | None, list[Finding]]:
        """Where custom operators are allowed, what has stopped a conversion stays what it is in the next one."""
        custom: set[str] = set()
        while True:
            contents, entries = compilation.compiler().convert(path, self._signature_keys, sorted(custom))
            findings = read_findings(entries)
            more = {entry.operator for entry in findings if f"--custom={entry.operator}'" in entry.remedy} - custom
            if contents is not None or not self.allow_custom_ops or not more:
                return contents, findings
            custom |= more

    def _choose_quantization(self) -> dict | None:
        """Arguments of quantize, by TensorFlow's rules; None for a float model."""
        ops = _op_sets(self.target_spec.supported_ops)
        types = {_dtype_name(dtype) for dtype in self.target_spec.supported_types}
        inputs, outputs = _dtype_name(self.inference_input_type), _dtype_name(self.inference_output_type)
        names = {getattr(entry, "name", str(entry)) for entry in self.optimizations}
        unknown = names - set(Optimize.__members__)
        if unknown:
            raise ValueError(f"there is no optimization {', '.join(sorted(unknown))}")
        if not names - {"EXPERIMENTAL_SPARSITY"}:
            if (inputs, outputs) != ("float32", "float32"):
                raise ValueError("The inference_input_type and inference_output_type must be float32 without optimizations.")
            return None
        only_integers = ops == {OpsSet.TFLITE_BUILTINS_INT8} or types == {"int8"}
        if self.representative_dataset is None:
            if only_integers or _INT16 in ops:
                raise ValueError("representative_dataset is required when supported_ops or supported_types are integer only.")
            mode = "float16" if types == {"float16"} else "dynamic-range"
        elif types == {"float16"}:
            mode = "float16"
        else:
            mode = "int16x8" if _INT16 in ops else "int8"
        if mode in ("float16", "dynamic-range"):
            if (inputs, outputs) != ("float32", "float32"):
                raise ValueError("The inference_input_type and inference_output_type must be float32 for float activations.")
            return {"mode": mode}
        types = ["float" if name == "float32" else name for name in (inputs, outputs)]
        allow_float = OpsSet.TFLITE_BUILTINS in ops and not only_integers
        return {
            "mode": mode,
            "representative_dataset": self.representative_dataset,
            "io": ",".join(types),
            "allow_float": allow_float,
        }


def _save_keras(model, folder: str) -> list:
    """Writes a Keras model into the folder, in the forms that may be read."""
    modules = {base.__module__.split(".")[0] for base in type(model).__mro__}
    path = os.path.join(folder, "model")
    if "keras" in modules:
        model.save(path + ".keras")
        return [path + ".keras", lambda: _export(model, path)]
    if "tf_keras" in modules or "tensorflow" in modules:
        model.save(path + ".h5", save_format="h5")
        return [path + ".h5", lambda: _export(model, path)]
    raise ValueError(f"this is no Keras model but a {type(model).__name__}")


def _export(model, path: str) -> str | None:
    """The model as a SavedModel; None where it cannot be one."""
    if not hasattr(model, "export"):
        return None
    try:
        model.export(path, verbose=False) if "keras" in type(model).__module__ else model.export(path)
    except Exception:
        # The first error says what the user can do something about.
        return None
    return path


def _save_functions(functions: list, trackable, folder: str) -> str:
    """A SavedModel with the functions as signatures."""
    import tensorflow as tf

    if trackable is None:
        trackable = tf.Module()
        # Else the variables that a function uses would not be saved.
        trackable.variables_of_functions = [list(function.variables) for function in functions]
    names = ["serving_default"] if len(functions) == 1 else [_function_name(function) for function in functions]
    tf.saved_model.save(trackable, folder, signatures=dict(zip(names, functions)))
    return folder


def _function_name(function) -> str:
    name = function.name
    name = name.decode() if isinstance(name, bytes) else name
    return name.removeprefix("__inference_").rsplit("_", 1)[0] if name.startswith("__inference_") else name

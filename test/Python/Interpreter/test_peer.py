"""Both interpreters on the models of single operators, side by side: what they tell of tensors and operators, all values."""

import io
import zipfile

import numpy as np
import pytest

import tflc.interpreter

from ..conftest import ROOT, model_bytes

ARCHIVES = sorted((ROOT / "test" / "Numerics" / "Operators" / "Inputs").glob("*.zip"))


def list_cases() -> list[tuple[str, str]]:
    """The first case of each operator."""
    cases: dict[str, tuple[str, str]] = {}
    for archive in ARCHIVES:
        with zipfile.ZipFile(archive) as file:
            for name in sorted(file.namelist()):
                if name.endswith(".tflite"):
                    cases.setdefault(name.split("-")[0], (archive.stem, name.removesuffix(".tflite")))
    return list(cases.values())


@pytest.fixture(scope="module")
def peer():
    return pytest.importorskip("ai_edge_litert.interpreter")


@pytest.fixture(autouse=True)
def compile_here(monkeypatch):
    """Hundreds of small models: a child for each would take longer than they do."""
    monkeypatch.setenv("TFLC_CHILD", "0")


def contents_of(archive: str, case: str) -> bytes:
    with zipfile.ZipFile(ARCHIVES[0].parent / f"{archive}.zip") as file:
        return file.read(f"{case}.tflite")


def inputs_of(archive: str, case: str) -> list[np.ndarray]:
    with zipfile.ZipFile(ARCHIVES[0].parent / f"{archive}.zip") as file:
        names = sorted(name for name in file.namelist() if name.startswith(f"{case}/in/"))
        return [np.load(io.BytesIO(file.read(name)), allow_pickle=False) for name in names]


def plain(value):
    """Details as what `==` compares."""
    if isinstance(value, dict):
        return {key: plain(entry) for key, entry in value.items()}
    if isinstance(value, (list, tuple)):
        return [plain(entry) for entry in value]
    return value.tolist() if isinstance(value, np.ndarray) else value


@pytest.mark.parametrize("archive, case", list_cases())
def test_details(peer, archive, case):
    contents = contents_of(archive, case)
    try:
        other = peer.Interpreter(model_content=contents)
    except (ValueError, RuntimeError) as error:
        pytest.skip(f"LiteRT refuses the model: {error}")
    ours = tflc.interpreter.Interpreter(model_content=contents)
    for function in ("get_tensor_details", "get_input_details", "get_output_details", "get_signature_list", "_get_ops_details"):
        assert plain(getattr(ours, function)()) == plain(getattr(other, function)()), function
    for entry in other.get_tensor_details():
        for key, value in entry.items():
            found = ours.get_tensor_details()[entry["index"]][key]
            assert type(found) is type(value) and getattr(found, "dtype", None) == getattr(value, "dtype", None), key


def run(module, contents: bytes, inputs: list[np.ndarray], resolver: str = "BUILTIN_REF"):
    interpreter = module.Interpreter(
        model_content=contents,
        experimental_preserve_all_tensors=True,
        experimental_op_resolver_type=module.OpResolverType[resolver],
    )
    for details, value in zip(interpreter.get_input_details(), inputs):
        if tuple(details["shape"]) != value.shape:
            interpreter.resize_tensor_input(details["index"], value.shape)
    interpreter.allocate_tensors()
    for details, value in zip(interpreter.get_input_details(), inputs):
        interpreter.set_tensor(details["index"], value)
    interpreter.invoke()
    return interpreter


@pytest.mark.parametrize(
    "model",
    ["mnist_cnn_float32", "mnist_cnn_int8", "mnist_cnn_int16x8", "mnist_cnn_dynamic_range", "mlperf_kws_int8", "squared"],
)
def test_all_tensors(peer, model):
    """What experimental_preserve_all_tensors keeps, operator by operator."""
    contents, random = model_bytes(model), np.random.default_rng(0)
    (details,) = tflc.interpreter.Interpreter(model_content=contents).get_input_details()
    if details["dtype"] == np.float32:
        value = random.random(details["shape"], np.float32)
    else:
        value = random.integers(-100, 100, details["shape"]).astype(details["dtype"])
    other, ours = (run(module, contents, [value]) for module in (peer, tflc.interpreter))
    computed = [index for operator in ours._get_ops_details() for index in operator["outputs"]]
    assert computed
    for index in computed:
        wanted, found = other.get_tensor(index), ours.get_tensor(index)
        assert wanted.dtype == found.dtype and wanted.shape == found.shape
        if wanted.dtype.kind == "f":
            np.testing.assert_allclose(found, wanted, rtol=1e-3, atol=1e-4)
        else:
            assert np.array_equal(found, wanted), index


def dynamic_cases() -> list[tuple[str, str]]:
    """Those whose shapes data decide, and those with strings."""
    return [
        entry for entry in list_cases() if entry[1].split("-")[0] in ("UNIQUE", "WHERE", "HASHTABLE_FIND", "HASHTABLE_SIZE")
    ]


@pytest.mark.parametrize("archive, case", dynamic_cases())
def test_shapes_of_outputs_after_invoke(peer, archive, case):
    contents, inputs = contents_of(archive, case), inputs_of(archive, case)
    # The reference kernels have no hash tables.
    resolver = "BUILTIN_WITHOUT_DEFAULT_DELEGATES"
    other, ours = (run(module, contents, inputs, resolver) for module in (peer, tflc.interpreter))
    for wanted, found in zip(other.get_output_details(), ours.get_output_details()):
        assert plain(wanted["shape"]) == plain(found["shape"])
        assert np.array_equal(other.get_tensor(wanted["index"]), ours.get_tensor(found["index"]))

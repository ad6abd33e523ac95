"""Several threads share the work of an invocation; results are those of one."""

import gc
import os
import pathlib
import sys
import threading
import time

import numpy as np
import pytest

import tflc
import tflc_runtime

from .conftest import model_path, recorded

LARGE = "mlperf_kws_int8"


def run(model: str, num_threads: int | None) -> list[np.ndarray]:
    interpreter, data = tflc.Interpreter(model_path(model), num_threads=num_threads), recorded(model)
    interpreter.allocate_tensors()
    case = "c0" if "c0/in/0" in data else "c0/step0"
    for i, details in enumerate(interpreter.get_input_details()):
        interpreter.set_tensor(details["index"], data[f"{case}/in/{i}"])
    interpreter.invoke()
    return [interpreter.get_tensor(details["index"]) for details in interpreter.get_output_details()]


@pytest.mark.parametrize(
    "model", [LARGE, "mnist_cnn_float32", "mnist_cnn_int8", "mnist_lstm_float32", "mnist_gru_dynamic_range"]
)
@pytest.mark.parametrize("num_threads", [2, 3])
def test_results_are_those_of_one_thread(model, num_threads):
    for wanted, found in zip(run(model, None), run(model, num_threads)):
        assert np.array_equal(wanted, found)


def test_code_is_that_of_one_thread_without_the_option(monkeypatch, tmp_path):
    monkeypatch.setenv("TFLC_CACHE_DIR", str(tmp_path))
    run("squared", None)
    entries = set(os.listdir(tmp_path))
    run("squared", 1)
    assert set(os.listdir(tmp_path)) == entries
    run("squared", 2)
    run("squared", 3)
    assert len(set(os.listdir(tmp_path)) - entries) == 1
    plain, again = tflc.compile(model_path("squared")), tflc.compile(model_path("squared"), threads=None)
    assert plain.files == again.files
    assert plain.files["model.o"] != tflc.compile(model_path("squared"), threads=2).files["model.o"]


def test_compile():
    data = recorded(LARGE)
    for threads in (1, 2, 4):
        model = tflc.compile(model_path(LARGE), threads=threads)
        assert np.array_equal(model(data["c0/in/0"]), data["c0/ref/0"])
    assert b"struct tflc_parallel" in tflc.compile(model_path(LARGE), target="cortex-a72", threads=4).files["model.h"]


@pytest.mark.parametrize("threads", [0, -1, 1.5, True, "2"])
def test_no_number_of_threads(threads):
    with pytest.raises(ValueError, match="number of threads"):
        tflc.compile(model_path("squared"), threads=threads)


def test_load(tmp_path):
    tflc.compile(model_path(LARGE), threads=1).save(tmp_path)
    data = recorded(LARGE)
    for threads in (1, 3):
        model = tflc_runtime.load(tmp_path / "libmodel.so", threads=threads)
        assert np.array_equal(model(data["c0/in/0"]), data["c0/ref/0"])


def test_pool():
    pool = tflc_runtime.Pool(3)
    assert pool.threads == 3
    assert tflc_runtime.Pool(10**9).threads <= 1024
    with pytest.raises(ValueError):
        tflc_runtime.Pool(0)


def count_threads() -> int:
    return len(list(pathlib.Path("/proc/self/task").iterdir()))


@pytest.mark.skipif(not os.path.exists("/proc/self/task"), reason="/proc shows the threads")
def test_threads_end_with_the_interpreter():
    gc.collect()  # those of other tests
    before = count_threads()
    interpreter = tflc.Interpreter(model_path(LARGE), num_threads=4)
    assert count_threads() == before
    interpreter.allocate_tensors()
    assert count_threads() == before + 3
    interpreter.invoke()
    interpreter.resize_tensor_input(0, interpreter.get_input_details()[0]["shape"])
    interpreter.allocate_tensors()
    assert count_threads() == before + 3
    interpreter.close()
    assert count_threads() == before


def test_plain_loops_take_no_threads():
    interpreter = tflc.Interpreter(
        model_path(LARGE), num_threads=2, experimental_op_resolver_type=tflc.OpResolverType.BUILTIN_REF
    )
    interpreter.allocate_tensors()
    interpreter.invoke()


def test_a_forked_process_has_threads_of_its_own():
    interpreter = tflc.Interpreter(model_path(LARGE), num_threads=3)
    interpreter.allocate_tensors()
    data = recorded(LARGE)
    interpreter.set_tensor(interpreter.get_input_details()[0]["index"], data["c0/in/0"])
    interpreter.invoke()
    time.sleep(0.05)  # until the threads sleep
    child = os.fork()
    if child == 0:
        status = 1
        try:
            for _ in range(20):
                interpreter.invoke()
                time.sleep(0.001)
            found = interpreter.get_tensor(interpreter.get_output_details()[0]["index"])
            status = 0 if np.array_equal(found, data["c0/ref/0"]) and count_threads() >= 3 else 2
            interpreter.close()
        finally:
            os._exit(status)
    _, status = os.waitpid(child, 0)
    assert os.waitstatus_to_exitcode(status) == 0
    interpreter.invoke()


def test_python_goes_on_meanwhile():
    """`invoke` releases Python's lock. Nothing else makes the thread give it up: it does not wait, and its time is not over."""
    interpreter = tflc.Interpreter(model_path(LARGE), num_threads=2)
    interpreter.allocate_tensors()
    enough = threading.Event()
    counts = []

    def work():
        end = time.monotonic() + 30
        while not enough.is_set() and time.monotonic() < end:
            interpreter.invoke()

    interval = sys.getswitchinterval()
    sys.setswitchinterval(60)
    try:
        thread = threading.Thread(target=work)
        thread.start()
        while len(counts) < 20 and thread.is_alive():
            time.sleep(0.001)  # wants the lock back
            counts.append(1)
    finally:
        sys.setswitchinterval(interval)
        enough.set()
    thread.join()
    assert len(counts) == 20

"""Models that keep values from one invocation to the next."""

import numpy as np
import pytest

from ..conftest import recorded


def steps(case):
    data = recorded("accumulator")
    return [(data[f"c{case}/step{i}/in/0"], data[f"c{case}/step{i}/ref/0"]) for i in range(4)]


def run(interpreter, value):
    interpreter.set_tensor(interpreter.get_input_details()[0]["index"], value)
    interpreter.invoke()
    return interpreter.get_tensor(interpreter.get_output_details()[0]["index"])


@pytest.mark.parametrize("case", [0, 1])
def test_steps(ready, case):
    interpreter = ready("accumulator")
    for value, wanted in steps(case):
        np.testing.assert_allclose(run(interpreter, value), wanted, rtol=1e-5, atol=1e-6)


def test_steps_of_a_runner(make):
    step = make("accumulator").get_signature_runner("step")
    for value, wanted in steps(0):
        np.testing.assert_allclose(step(x=value)["total"], wanted, rtol=1e-5, atol=1e-6)


def test_each_interpreter_has_its_own(ready):
    first, second = ready("accumulator"), ready("accumulator")
    run(first, np.ones(4, np.float32))
    assert run(second, np.ones(4, np.float32)).tolist() == [1] * 4


def test_recurrent_state_of_a_layer(ready):
    """The state of an LSTM layer begins anew with each sequence here: the model sees the whole of it."""
    interpreter, data = ready("mnist_lstm_float32"), recorded("mnist_lstm_float32")
    interpreter.reset_all_variables()
    first = run(interpreter, data["c0/step0/in/0"])
    interpreter.reset_all_variables()
    assert np.array_equal(first, run(interpreter, data["c0/step0/in/0"]))


def test_reset_gives_nothing(ready):
    assert ready("squared").reset_all_variables() is None


def test_reset_without_variables(ready):
    interpreter = ready("squared")
    interpreter.reset_all_variables()
    assert run(interpreter, np.array([3], np.float32)).tolist() == [9]

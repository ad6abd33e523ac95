"""Any sequence of calls of an interpreter gives results that fit its state, or exceptions."""

import gc

import numpy as np
import pytest

import tflc

from .conftest import model_path
from .test_bad_input import EXAMPLES

hypothesis = pytest.importorskip("hypothesis")
stateful = pytest.importorskip("hypothesis.stateful")
strategies = hypothesis.strategies


class Calls(stateful.RuleBasedStateMachine):
    """An interpreter that squares, and what is known of it."""

    def __init__(self):
        super().__init__()
        self.interpreter = tflc.Interpreter(model_path("squared"), num_threads=2)
        self.size = 1
        self.is_allocated = self.is_closed = False
        self.values: np.ndarray | None = None
        self.views: list[np.ndarray] = []
        self.kept: list[np.ndarray] = []

    def attempt(self, allowed: bool, function, *arguments):
        """Whether the call has succeeded, which it does if and only if it is allowed."""
        if allowed:
            function(*arguments)
            return True
        with pytest.raises((RuntimeError, ValueError)):
            function(*arguments)
        return False

    @stateful.rule(size=strategies.integers(1, 4))
    def resize(self, size):
        allowed = not self.views and not self.is_closed
        if self.attempt(allowed, self.interpreter.resize_tensor_input, 0, [size]) and size != self.size:
            self.size, self.is_allocated, self.values = size, False, None

    @stateful.rule()
    def allocate(self):
        if self.attempt(not self.views and not self.is_closed, self.interpreter.allocate_tensors):
            self.is_allocated = True

    @stateful.rule(value=strategies.integers(-9, 9))
    def set(self, value):
        array = np.full(self.size, value, np.float32)
        if self.attempt(self.is_allocated and not self.is_closed, self.interpreter.set_tensor, 0, array):
            self.values = array

    @stateful.rule(size=strategies.integers(5, 7), dtype=strategies.sampled_from(["f4", "i4", "f8"]))
    def set_what_does_not_fit(self, size, dtype):
        self.attempt(False, self.interpreter.set_tensor, 0, np.zeros(size, dtype))

    @stateful.rule()
    def invoke(self):
        allowed = self.is_allocated and not self.views and not self.is_closed
        if self.attempt(allowed, self.interpreter.invoke) and self.values is not None:
            assert np.array_equal(self.interpreter.get_tensor(1), self.values**2)

    @stateful.rule()
    def run(self):
        if self.is_closed or self.views:
            return
        values = np.arange(self.size, dtype=np.float32)
        (found,) = self.interpreter.get_signature_runner()(x=values).values()
        assert np.array_equal(found, values**2)
        self.is_allocated, self.values = True, values

    @stateful.rule(index=strategies.integers(0, 1))
    def view(self, index):
        if self.is_allocated and not self.is_closed:
            self.views.append(self.interpreter.tensor(index)()[:1])

    @stateful.rule()
    def let_go(self):
        self.views.clear()
        gc.collect()

    @stateful.precondition(lambda self: self.views)
    @stateful.rule()
    def keep_beyond(self):
        """A view of an interpreter that is gone still has memory."""
        self.kept.append(self.views[-1])
        self.interpreter.close()
        self.is_closed = True

    @stateful.rule()
    def reset(self):
        self.attempt(not self.is_closed, self.interpreter.reset_all_variables)

    @stateful.invariant()
    def views_can_be_read(self):
        for view in (*self.views, *self.kept):
            assert view.shape == (1,)
            view.sum()

    def teardown(self):
        self.interpreter.close()


TestCalls = Calls.TestCase
TestCalls.settings = hypothesis.settings(
    deadline=None, max_examples=EXAMPLES, stateful_step_count=25, suppress_health_check=list(hypothesis.HealthCheck)
)

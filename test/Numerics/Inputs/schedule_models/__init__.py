"""Models whose kernels take every schedule; check-schedules.py compares what they give."""

from schedule_models.catalogue import models

__all__ = ["models"]

"""The import path of the Stufio module for schedules, on top of `stufio_schedules`."""

from .services.scheduler_service import SchedulerService, scheduler_service

__all__ = ["SchedulerService", "scheduler_service"]

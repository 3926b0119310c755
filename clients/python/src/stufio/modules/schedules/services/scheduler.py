from .scheduler_service import SchedulerService, scheduler_service

__all__ = ["SchedulerService", "scheduler_service"]

"""The Python client of Stufio Schedules."""

from ._calls import Missed
from .async_client import AsyncSchedulesClient
from .client import SchedulesClient
from .errors import SchedulesError
from .pages import AsyncPages, Page, Pages
from .types import (
    CreatedSchedule,
    ErrorCode,
    Execution,
    ExecutionFilter,
    ExecutionRow,
    FieldFault,
    Instant,
    PreviewRequest,
    Schedule,
    ScheduleDefinition,
    ScheduleFilter,
    ScheduleListItem,
    SchedulePreview,
    StartedExecution,
    StartedReplay,
    Stats,
)
from .webhook import verify_webhook

__all__ = [
    "AsyncPages",
    "AsyncSchedulesClient",
    "CreatedSchedule",
    "ErrorCode",
    "Execution",
    "ExecutionFilter",
    "ExecutionRow",
    "FieldFault",
    "Instant",
    "Missed",
    "Page",
    "Pages",
    "PreviewRequest",
    "Schedule",
    "ScheduleDefinition",
    "ScheduleFilter",
    "ScheduleListItem",
    "SchedulePreview",
    "SchedulesClient",
    "SchedulesError",
    "StartedExecution",
    "StartedReplay",
    "Stats",
    "verify_webhook",
]

/** Titles of tiles that load on demand: the page shows a title before its tile is loaded. */
export const UPCOMING_TITLE = "Expected firings by topic, next 24 hours";
export const WEEK_TITLE = "By weekday and hour";
export const PUBLISH_TITLE = "Publish durations over time";
export const FAILING_TITLE = "Schedules with failures";
export const ERRORS_TITLE = "Errors";

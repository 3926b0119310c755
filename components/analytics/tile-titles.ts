/** Titles of tiles that load on demand. The page shows them before. */
export const UPCOMING_TITLE = "Expected firings by topic, next 24 hours";
export const WEEK_TITLE = "By weekday and hour";
export const PUBLISH_TITLE = "Publish durations over time";

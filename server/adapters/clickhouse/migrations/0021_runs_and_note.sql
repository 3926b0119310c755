-- How many of its planned occurrences a schedule has taken, which is what max_runs bounds. Rows from before know only those that have ended.
ALTER TABLE event_schedules {on_cluster} ADD COLUMN IF NOT EXISTS runs_taken UInt64 DEFAULT execution_count AFTER error_count;

-- The note of the pause that an occurrence was skipped by.
ALTER TABLE schedule_execution_results {on_cluster} ADD COLUMN IF NOT EXISTS note Nullable(String) AFTER actor;

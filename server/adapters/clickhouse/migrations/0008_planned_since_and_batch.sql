-- From when on the present times of a schedule hold: what lay before belongs to earlier ones. NULL: since it was created.
ALTER TABLE event_schedules {on_cluster} ADD COLUMN IF NOT EXISTS planned_since Nullable(DateTime64(3, 'UTC')) AFTER end_at;

-- Under which recorder batch a row came in: a row that a Redis which lost its last writes hands out again is told from a retried batch.
ALTER TABLE schedule_execution_results {on_cluster} ADD COLUMN IF NOT EXISTS batch String CODEC(ZSTD(1)) AFTER rolled_up;

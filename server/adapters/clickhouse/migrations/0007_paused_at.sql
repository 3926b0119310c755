-- Since when a paused schedule misses its occurrences. Rows from before say when they were last changed.
ALTER TABLE event_schedules {on_cluster} ADD COLUMN IF NOT EXISTS paused_at Nullable(DateTime64(3, 'UTC'))
    DEFAULT if(status = 'paused', updated_at, NULL) AFTER paused_by;

-- The tz databases that plans were made with, the newest last, each with its rules from then on: the next one is compared with them.
CREATE TABLE IF NOT EXISTS zone_versions {on_cluster}
(
    version LowCardinality(String),
    previous LowCardinality(String),
    source String,
    applied_at DateTime64(3, 'UTC'),
    checked UInt64,
    moved UInt64,
    rules String CODEC(ZSTD(3))
)
ENGINE = {merge_tree}
ORDER BY applied_at
SETTINGS non_replicated_deduplication_window = 1000;

-- Which schedules have runs that a version has moved, with the first of them.
CREATE TABLE IF NOT EXISTS zone_moves {on_cluster}
(
    version LowCardinality(String),
    schedule_id String,
    name Nullable(String),
    timezone LowCardinality(String),
    cron_expression String,
    runs String,
    recorded_at DateTime64(3, 'UTC') DEFAULT now64(3, 'UTC')
)
ENGINE = {replacing(recorded_at)}
ORDER BY (version, schedule_id)
SETTINGS non_replicated_deduplication_window = 1000;

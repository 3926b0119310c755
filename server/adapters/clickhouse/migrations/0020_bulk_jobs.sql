-- Bulk jobs, their ids and what an undo needs, for as long as Redis keeps them: a lost Redis is given them back.
CREATE TABLE IF NOT EXISTS bulk_jobs {on_cluster}
(
    key String,
    json String CODEC(ZSTD(3)),
    version UInt64,
    deleted Bool,
    recorded_at DateTime64(3, 'UTC') DEFAULT now64(3, 'UTC')
)
ENGINE = {replacing(version)}
ORDER BY key
TTL toDateTime(recorded_at) + toIntervalDay(8)
SETTINGS non_replicated_deduplication_window = 1000;

-- Occurrences that stand in Redis alone while they wait for a retry or are held: a lost Redis is given them back. A row whose occurrence has
-- an outcome says nothing any more.
CREATE TABLE IF NOT EXISTS waiting_occurrences {on_cluster}
(
    key String CODEC(ZSTD(1)),
    json String CODEC(ZSTD(3)),
    version UInt64,
    deleted Bool,
    recorded_at DateTime64(3, 'UTC') DEFAULT now64(3, 'UTC')
)
ENGINE = {replacing(version)}
ORDER BY key
TTL toDateTime(recorded_at) + toIntervalDay(8)
SETTINGS non_replicated_deduplication_window = 1000;

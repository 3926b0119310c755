-- What could not be processed, with its reason and its bytes. A decision of an operator's is a newer version, marked as deleted.
CREATE TABLE IF NOT EXISTS quarantine {on_cluster}
(
    key String,
    json String CODEC(ZSTD(1)),
    version UInt64,
    deleted Bool,
    recorded_at DateTime64(3, 'UTC') DEFAULT now64(3, 'UTC')
)
ENGINE = {replacing(version)}
ORDER BY key
TTL toDateTime(recorded_at) + toIntervalDay(400)
SETTINGS non_replicated_deduplication_window = 1000;

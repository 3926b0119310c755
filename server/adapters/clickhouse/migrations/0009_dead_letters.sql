-- What became of a dead execution: replayed or discarded. It leaves the dead-letter list; the ledger keeps it as it is.
CREATE TABLE IF NOT EXISTS dead_letter_decisions {on_cluster}
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

-- Messages of the delayed topic that could not become schedules.
CREATE TABLE IF NOT EXISTS refused_messages {on_cluster}
(
    key String,
    json String CODEC(ZSTD(1)),
    version UInt64,
    deleted Bool,
    recorded_at DateTime64(3, 'UTC') DEFAULT now64(3, 'UTC')
)
ENGINE = {replacing(version)}
ORDER BY (version, key)
TTL toDateTime(recorded_at) + toIntervalDay(90)
SETTINGS non_replicated_deduplication_window = 1000;

-- The payload schemas of topics, as JSON text.
CREATE TABLE IF NOT EXISTS topic_schemas {on_cluster}
(
    key String,
    json String CODEC(ZSTD(3)),
    version UInt64,
    deleted Bool,
    recorded_at DateTime64(3, 'UTC') DEFAULT now64(3, 'UTC')
)
ENGINE = {replacing(version)}
ORDER BY key
SETTINGS non_replicated_deduplication_window = 1000;

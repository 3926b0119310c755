-- The rules that protect payloads of topics: masked paths and patterns.
CREATE TABLE IF NOT EXISTS protection_rules {on_cluster}
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

-- Small tables: a key, a document, a version. The newest version of a key wins.
CREATE TABLE IF NOT EXISTS accounts {on_cluster}
(
    key String,
    json String CODEC(ZSTD(1)),
    version UInt64,
    deleted Bool,
    recorded_at DateTime64(3, 'UTC') DEFAULT now64(3, 'UTC')
)
ENGINE = {replacing(version)}
ORDER BY key
SETTINGS non_replicated_deduplication_window = 1000;

CREATE TABLE IF NOT EXISTS settings {on_cluster}
(
    key String,
    json String CODEC(ZSTD(1)),
    version UInt64,
    deleted Bool,
    recorded_at DateTime64(3, 'UTC') DEFAULT now64(3, 'UTC')
)
ENGINE = {replacing(version)}
ORDER BY key
SETTINGS non_replicated_deduplication_window = 1000;

-- Who did what. Never replaced, never expired.
CREATE TABLE IF NOT EXISTS audit {on_cluster}
(
    key String,
    json String CODEC(ZSTD(1)),
    version UInt64,
    deleted Bool,
    recorded_at DateTime64(3, 'UTC') DEFAULT now64(3, 'UTC')
)
ENGINE = {merge_tree}
PARTITION BY toYear(recorded_at)
ORDER BY key
SETTINGS non_replicated_deduplication_window = 1000;

-- The retention that was last written into the tables, by setting: how many days, and who changed it when. Never expires.
CREATE TABLE IF NOT EXISTS applied_retention {on_cluster}
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

-- How far the audit trail was delivered to each receiver outside of the installation.
CREATE TABLE IF NOT EXISTS audit_streams {on_cluster}
(
    sink LowCardinality(String),
    chain UInt32,
    seq UInt64,
    recorded_at DateTime64(3, 'UTC') DEFAULT now64(3, 'UTC')
)
ENGINE = {replacing(seq)}
ORDER BY (sink, chain)
SETTINGS non_replicated_deduplication_window = 1000;

-- The newest event of the self-test of each shard: the ledger has none of them.
CREATE TABLE IF NOT EXISTS self_test {on_cluster}
(
    schedule_id String,
    scheduled_for DateTime64(3, 'UTC'),
    outcome LowCardinality(String),
    lateness_ms UInt64,
    error Nullable(String),
    ended_at DateTime64(3, 'UTC')
)
ENGINE = {replacing(scheduled_for)}
ORDER BY schedule_id
TTL toDateTime(ended_at) + toIntervalDay(1)
SETTINGS non_replicated_deduplication_window = 1000;

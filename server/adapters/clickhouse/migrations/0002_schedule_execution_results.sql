-- The ledger: one row an occurrence, read newest first by time. Partitions follow the month in which it ended, which is
-- always now, never the far future.
CREATE TABLE IF NOT EXISTS schedule_execution_results {on_cluster}
(
    execution_id String CODEC(ZSTD(1)),
    occurrence_key String CODEC(ZSTD(1)),
    schedule_id String CODEC(ZSTD(1)),
    schedule_name Nullable(String) CODEC(ZSTD(1)),
    schedule_version UInt64 CODEC(T64, ZSTD(1)),
    trigger LowCardinality(String),
    outcome LowCardinality(String),
    reason LowCardinality(Nullable(String)),
    topic LowCardinality(String),
    entity_type LowCardinality(String),
    entity_id Nullable(String) CODEC(ZSTD(1)),
    action LowCardinality(String),
    source LowCardinality(String),
    correlation_id String CODEC(ZSTD(1)),
    priority UInt8,
    scheduled_for DateTime64(3, 'UTC') CODEC(DoubleDelta, ZSTD(1)),
    effective_at DateTime64(3, 'UTC') CODEC(DoubleDelta, ZSTD(1)),
    fired_at Nullable(DateTime64(3, 'UTC')) CODEC(ZSTD(1)),
    ended_at DateTime64(3, 'UTC') CODEC(DoubleDelta, ZSTD(1)),
    lateness_ms UInt64 CODEC(T64, ZSTD(1)),
    late Bool,
    publish_ms Nullable(Float64) CODEC(ZSTD(1)),
    attempt_count UInt16,
    attempts String CODEC(ZSTD(3)),
    error Nullable(String) CODEC(ZSTD(3)),
    error_class LowCardinality(Nullable(String)),
    worker_id LowCardinality(String),
    bus_partition Nullable(Int32) CODEC(ZSTD(1)),
    bus_offset Nullable(String) CODEC(ZSTD(1)),
    actor Nullable(String) CODEC(ZSTD(1)),
    tier LowCardinality(String),
    entered_redis_at DateTime64(3, 'UTC') CODEC(DoubleDelta, ZSTD(1)),
    payload String CODEC(ZSTD(3)),
    headers Map(String, String) CODEC(ZSTD(1)),
    -- False for what was recorded while the analytics were off: the ledger has it, the roll-ups do not.
    rolled_up Bool,

    INDEX by_id execution_id TYPE bloom_filter(0.01) GRANULARITY 1,
    -- Rare outcomes, topics and errors: whole granules are left out.
    INDEX by_outcome outcome TYPE set(0) GRANULARITY 1,
    INDEX by_topic topic TYPE set(200) GRANULARITY 1,
    INDEX by_error error_class TYPE set(200) GRANULARITY 1,
    INDEX by_end ended_at TYPE minmax GRANULARITY 1,
    -- One schedule's history and its analytics, without what is large.
    PROJECTION by_schedule (
        SELECT schedule_id, scheduled_for, execution_id, ended_at, outcome, late, trigger, topic, entity_type, action, source, tier,
            lateness_ms, publish_ms, attempt_count, entered_redis_at, fired_at, error, error_class, rolled_up
        ORDER BY (schedule_id, scheduled_for, execution_id)
    )
)
ENGINE = {replacing(ended_at)}
PARTITION BY toYYYYMM(ended_at)
ORDER BY (scheduled_for, execution_id)
TTL toDateTime(ended_at) + toIntervalDay(90)
SETTINGS index_granularity = 4096,
    non_replicated_deduplication_window = 1000,
    deduplicate_merge_projection_mode = 'rebuild',
    lightweight_mutation_projection_mode = 'rebuild';

-- The catalogue: every schedule of both tiers. The row of the highest revision is the schedule; deleted ones stay as
-- tombstones until the cleanup. Granules are small because most reads fetch single ids.
CREATE TABLE IF NOT EXISTS event_schedules {on_cluster}
(
    schedule_id String CODEC(ZSTD(1)),
    revision UInt64,
    version UInt64,
    name Nullable(String),
    description String,
    tags Array(String),
    enabled Bool,
    topic LowCardinality(String),
    entity_type LowCardinality(String),
    entity_id Nullable(String),
    action LowCardinality(String),
    actor_type LowCardinality(String),
    actor_id String,
    payload String CODEC(ZSTD(3)),
    raw_value Bool,
    headers Map(String, String),
    correlation_id String,
    cron_expression Nullable(String),
    execution_time Nullable(DateTime64(3, 'UTC')),
    timezone LowCardinality(String),
    max_retries UInt8,
    retry_delay_seconds UInt32,
    max_delay_seconds UInt32,
    priority UInt8,
    source LowCardinality(String),
    source_id Nullable(String),
    start_at Nullable(DateTime64(3, 'UTC')),
    end_at Nullable(DateTime64(3, 'UTC')),
    max_runs Nullable(UInt64),
    catch_up_policy LowCardinality(String),
    catch_up_window_seconds UInt32,
    catch_up_max_runs UInt32,
    jitter_seconds UInt32,
    dst_gap LowCardinality(String),
    dst_overlap LowCardinality(String),
    pause_note Nullable(String),
    paused_by Nullable(String),
    paused_until Nullable(DateTime64(3, 'UTC')),
    created_by String,
    created_at DateTime64(3, 'UTC'),
    updated_at DateTime64(3, 'UTC'),
    tier LowCardinality(String),
    completed Bool,
    deleted Bool,
    next_execution Nullable(DateTime64(3, 'UTC')),
    last_execution Nullable(DateTime64(3, 'UTC')),
    last_status LowCardinality(Nullable(String)),
    last_error Nullable(String),
    execution_count UInt64,
    error_count UInt64,

    status LowCardinality(String) MATERIALIZED
        multiIf(completed, 'completed', enabled, 'active', paused_by IS NOT NULL, 'paused', 'disabled'),
    -- When it is due, if it can be at all: the far end of time for what is paused, over or deleted.
    due_at DateTime64(3, 'UTC') MATERIALIZED
        if(enabled AND NOT completed AND NOT deleted AND next_execution IS NOT NULL,
           assumeNotNull(next_execution), toDateTime64('2299-12-31 00:00:00', 3, 'UTC')),
    -- What a contains-search looks through.
    search String MATERIALIZED
        lowerUTF8(concat(ifNull(name, ''), '\n', description, '\n', schedule_id, '\n', correlation_id, '\n',
                         arrayStringConcat(tags, '\n'))) CODEC(ZSTD(1)),

    INDEX by_name name TYPE bloom_filter(0.01) GRANULARITY 1,
    -- What is due soon, without reading the far future. Far-future times are data here, never partitions.
    PROJECTION by_due (SELECT tier, due_at, schedule_id, revision ORDER BY (tier, due_at))
)
ENGINE = {replacing(revision)}
ORDER BY schedule_id
SETTINGS index_granularity = 1024,
    non_replicated_deduplication_window = 1000,
    deduplicate_merge_projection_mode = 'rebuild',
    lightweight_mutation_projection_mode = 'rebuild';

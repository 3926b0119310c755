-- What failed, by the hour: which schedules, and with which errors. Only failures are kept, so these stay small.
CREATE TABLE IF NOT EXISTS schedule_failure_metrics {on_cluster}
(
    bucket DateTime('UTC'),
    schedule_id String,
    topic LowCardinality(String),
    source LowCardinality(String),
    failed SimpleAggregateFunction(sum, UInt64),
    schedule_name SimpleAggregateFunction(anyLast, Nullable(String))
)
ENGINE = {aggregating}
PARTITION BY toYYYYMM(bucket)
ORDER BY (bucket, schedule_id, topic, source)
TTL bucket + toIntervalDay(365)
SETTINGS index_granularity = 1024, non_replicated_deduplication_window = 1000;

CREATE MATERIALIZED VIEW IF NOT EXISTS schedule_failure_metrics_view {on_cluster}
TO schedule_failure_metrics AS
SELECT
    toStartOfHour(toDateTime(scheduled_for, 'UTC')) AS bucket,
    schedule_id, topic, source,
    count() AS failed,
    anyLast(results.schedule_name) AS schedule_name
FROM schedule_execution_results AS results
WHERE results.rolled_up AND outcome IN ('dead', 'expired')
GROUP BY bucket, schedule_id, topic, source;

-- `shape` is the error with its digits and long hexadecimal parts taken out, so that one fault is one row.
CREATE TABLE IF NOT EXISTS schedule_error_metrics {on_cluster}
(
    bucket DateTime('UTC'),
    topic LowCardinality(String),
    source LowCardinality(String),
    error_class LowCardinality(String),
    shape String,
    errors SimpleAggregateFunction(sum, UInt64),
    error SimpleAggregateFunction(anyLast, String),
    last_at SimpleAggregateFunction(max, DateTime64(3, 'UTC'))
)
ENGINE = {aggregating}
PARTITION BY toYYYYMM(bucket)
ORDER BY (bucket, topic, source, error_class, shape)
TTL bucket + toIntervalDay(365)
SETTINGS index_granularity = 1024, non_replicated_deduplication_window = 1000;

CREATE MATERIALIZED VIEW IF NOT EXISTS schedule_error_metrics_view {on_cluster}
TO schedule_error_metrics AS
SELECT
    toStartOfHour(toDateTime(scheduled_for, 'UTC')) AS bucket,
    topic, source,
    assumeNotNull(results.error_class) AS error_class,
    replaceRegexpAll(substringUTF8(ifNull(results.error, ''), 1, 200), '[0-9a-fA-F-]{8,}|[0-9]+', '#') AS shape,
    count() AS errors,
    anyLast(substringUTF8(ifNull(results.error, ''), 1, 500)) AS error,
    max(ended_at) AS last_at
FROM schedule_execution_results AS results
WHERE results.rolled_up AND results.error_class IS NOT NULL
GROUP BY bucket, topic, source, error_class, shape;

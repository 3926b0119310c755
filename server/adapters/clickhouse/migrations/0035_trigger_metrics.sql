-- Hourly counts of executions by trigger, for the filters of the executions page.
CREATE TABLE IF NOT EXISTS schedule_trigger_metrics {on_cluster}
(
    bucket DateTime('UTC'),
    topic LowCardinality(String),
    source LowCardinality(String),
    trigger LowCardinality(String),
    outcome LowCardinality(String),
    executions SimpleAggregateFunction(sum, UInt64),
    late SimpleAggregateFunction(sum, UInt64)
)
ENGINE = {aggregating}
PARTITION BY toYear(bucket)
ORDER BY (bucket, topic, source, trigger, outcome)
TTL bucket + toIntervalDay(365)
SETTINGS index_granularity = 1024, non_replicated_deduplication_window = 1000;

-- The rows of the ledger so far. Does nothing if an interrupted start has inserted them already.
INSERT INTO schedule_trigger_metrics
SELECT toStartOfHour(toDateTime(scheduled_for, 'UTC')) AS bucket, topic, source, trigger, outcome,
    count() AS executions, countIf(results.late) AS late
FROM schedule_execution_results AS results
WHERE results.rolled_up AND (SELECT count() FROM schedule_trigger_metrics) = 0
GROUP BY bucket, topic, source, trigger, outcome;

CREATE MATERIALIZED VIEW IF NOT EXISTS schedule_trigger_metrics_view {on_cluster}
TO schedule_trigger_metrics AS
SELECT toStartOfHour(toDateTime(scheduled_for, 'UTC')) AS bucket, topic, source, trigger, outcome,
    count() AS executions, countIf(results.late) AS late
FROM schedule_execution_results AS results
WHERE results.rolled_up
GROUP BY bucket, topic, source, trigger, outcome;

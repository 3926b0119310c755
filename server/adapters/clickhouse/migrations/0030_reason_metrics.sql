-- Hourly counts of executions by end reason, and of retries by the class of the error that caused them (kind 'retry').
CREATE TABLE IF NOT EXISTS schedule_reason_metrics {on_cluster}
(
    bucket DateTime('UTC'),
    topic LowCardinality(String),
    source LowCardinality(String),
    kind LowCardinality(String),
    reason LowCardinality(String),
    executions SimpleAggregateFunction(sum, UInt64)
)
ENGINE = {aggregating}
PARTITION BY toYear(bucket)
ORDER BY (bucket, topic, source, kind, reason)
TTL bucket + toIntervalDay(365)
SETTINGS index_granularity = 1024, non_replicated_deduplication_window = 1000;

-- The rows of the ledger so far. Does nothing if an interrupted start has inserted them already.
INSERT INTO schedule_reason_metrics
SELECT bucket, topic, source, cause.1 AS kind, cause.2 AS reason, count() AS executions
FROM
(
    SELECT
        toStartOfHour(toDateTime(scheduled_for, 'UTC')) AS bucket, topic, source,
        arrayJoin(arrayConcat(
            if(results.reason IS NULL, [], [(toString(outcome), assumeNotNull(toString(results.reason)))]),
            arrayMap(attempt -> ('retry', JSONExtractString(attempt, 'errorClass')),
                arraySlice(JSONExtractArrayRaw(attempts), 1, greatest(0, attempt_count - 1))))) AS cause
    FROM schedule_execution_results AS results
    WHERE results.rolled_up AND (results.reason IS NOT NULL OR attempt_count > 1)
        AND (SELECT count() FROM schedule_reason_metrics) = 0
)
GROUP BY bucket, topic, source, kind, reason;

CREATE MATERIALIZED VIEW IF NOT EXISTS schedule_reason_metrics_view {on_cluster}
TO schedule_reason_metrics AS
SELECT bucket, topic, source, cause.1 AS kind, cause.2 AS reason, count() AS executions
FROM
(
    SELECT
        toStartOfHour(toDateTime(scheduled_for, 'UTC')) AS bucket, topic, source,
        arrayJoin(arrayConcat(
            if(results.reason IS NULL, [], [(toString(outcome), assumeNotNull(toString(results.reason)))]),
            arrayMap(attempt -> ('retry', JSONExtractString(attempt, 'errorClass')),
                arraySlice(JSONExtractArrayRaw(attempts), 1, greatest(0, attempt_count - 1))))) AS cause
    FROM schedule_execution_results AS results
    WHERE results.rolled_up AND (results.reason IS NOT NULL OR attempt_count > 1)
)
GROUP BY bucket, topic, source, kind, reason;

-- The minute roll-up by outcome alone, for charts without filters: a few rows per minute instead of one for each topic, entity type
-- and action.
CREATE TABLE IF NOT EXISTS schedule_performance_minute_totals {on_cluster}
(
    bucket DateTime('UTC'),
    outcome LowCardinality(String),
    executions SimpleAggregateFunction(sum, UInt64),
    late SimpleAggregateFunction(sum, UInt64),
    retried SimpleAggregateFunction(sum, UInt64),
    lateness AggregateFunction(quantilesDD(0.01, 0.5, 0.95, 0.99), Float64),
    publish AggregateFunction(quantilesDD(0.01, 0.5, 0.95, 0.99), Nullable(Float64)),
    heat AggregateFunction(sumForEach, Array(UInt64))
)
ENGINE = {aggregating}
PARTITION BY toMonday(bucket)
ORDER BY (bucket, outcome)
TTL bucket + toIntervalDay(8)
SETTINGS index_granularity = 1024, non_replicated_deduplication_window = 1000;

-- The minutes so far. Does nothing if an interrupted start has inserted them already.
INSERT INTO schedule_performance_minute_totals
SELECT
    minutes.bucket AS bucket, outcome,
    sum(executions) AS executions, sum(late) AS late, sum(retried) AS retried,
    quantilesDDMergeState(0.01, 0.5, 0.95, 0.99)(lateness) AS lateness,
    quantilesDDMergeState(0.01, 0.5, 0.95, 0.99)(publish) AS publish,
    sumForEachMergeState(heat) AS heat
FROM schedule_performance_minutes AS minutes
WHERE (SELECT count() FROM schedule_performance_minute_totals) = 0
GROUP BY bucket, outcome;

CREATE MATERIALIZED VIEW IF NOT EXISTS schedule_performance_minute_totals_view {on_cluster}
TO schedule_performance_minute_totals AS
SELECT
    minutes.bucket AS bucket, outcome,
    sum(executions) AS executions, sum(late) AS late, sum(retried) AS retried,
    quantilesDDMergeState(0.01, 0.5, 0.95, 0.99)(lateness) AS lateness,
    quantilesDDMergeState(0.01, 0.5, 0.95, 0.99)(publish) AS publish,
    sumForEachMergeState(heat) AS heat
FROM schedule_performance_minutes AS minutes
GROUP BY bucket, outcome;

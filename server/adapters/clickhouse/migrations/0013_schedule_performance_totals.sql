-- The hourly states of everything together, apart by outcome alone: what a chart shows that is narrowed by nothing. An hour has five rows here,
-- and a hundred and more in the table that feeds this one.
CREATE TABLE IF NOT EXISTS schedule_performance_totals {on_cluster}
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
PARTITION BY toYear(bucket)
ORDER BY (bucket, outcome)
TTL bucket + toIntervalDay(365)
SETTINGS index_granularity = 1024, non_replicated_deduplication_window = 1000;

-- What the hours have from before; nothing where a start that did not get to its end has brought it already.
INSERT INTO schedule_performance_totals
SELECT
    hours.bucket AS bucket, outcome,
    sum(executions) AS executions, sum(late) AS late, sum(retried) AS retried,
    quantilesDDMergeState(0.01, 0.5, 0.95, 0.99)(lateness) AS lateness,
    quantilesDDMergeState(0.01, 0.5, 0.95, 0.99)(publish) AS publish,
    sumForEachMergeState(heat) AS heat
FROM schedule_performance_metrics AS hours
WHERE (SELECT count() FROM schedule_performance_totals) = 0
GROUP BY bucket, outcome;

CREATE MATERIALIZED VIEW IF NOT EXISTS schedule_performance_totals_view {on_cluster}
TO schedule_performance_totals AS
SELECT
    hours.bucket AS bucket, outcome,
    sum(executions) AS executions, sum(late) AS late, sum(retried) AS retried,
    quantilesDDMergeState(0.01, 0.5, 0.95, 0.99)(lateness) AS lateness,
    quantilesDDMergeState(0.01, 0.5, 0.95, 0.99)(publish) AS publish,
    sumForEachMergeState(heat) AS heat
FROM schedule_performance_metrics AS hours
GROUP BY bucket, outcome;

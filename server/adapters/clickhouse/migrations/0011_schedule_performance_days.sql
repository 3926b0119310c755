-- The hourly states by the day, for the charts of weeks and months, without the entity's type and action, which no chart narrows by:
-- a hundredth of the states to merge. Fed by what goes into the hourly ones.
CREATE TABLE IF NOT EXISTS schedule_performance_days {on_cluster}
(
    bucket DateTime('UTC'),
    topic LowCardinality(String),
    source LowCardinality(String),
    tier LowCardinality(String),
    outcome LowCardinality(String),
    executions SimpleAggregateFunction(sum, UInt64),
    late SimpleAggregateFunction(sum, UInt64),
    retried SimpleAggregateFunction(sum, UInt64),
    lateness AggregateFunction(quantilesDD(0.01, 0.5, 0.95, 0.99), Float64),
    publish AggregateFunction(quantilesDD(0.01, 0.5, 0.95, 0.99), Nullable(Float64)),
    queue AggregateFunction(quantilesDD(0.01, 0.5, 0.95, 0.99), Float64),
    heat AggregateFunction(sumForEach, Array(UInt64))
)
ENGINE = {aggregating}
PARTITION BY toYear(bucket)
ORDER BY (bucket, topic, source, tier, outcome)
TTL bucket + toIntervalDay(365)
SETTINGS index_granularity = 1024, non_replicated_deduplication_window = 1000;

-- What the hours have from before; nothing where a start that did not get to its end has brought it already.
INSERT INTO schedule_performance_days
SELECT
    toStartOfDay(hours.bucket, 'UTC') AS bucket,
    topic, source, tier, outcome,
    sum(executions) AS executions, sum(late) AS late, sum(retried) AS retried,
    quantilesDDMergeState(0.01, 0.5, 0.95, 0.99)(lateness) AS lateness,
    quantilesDDMergeState(0.01, 0.5, 0.95, 0.99)(publish) AS publish,
    quantilesDDMergeState(0.01, 0.5, 0.95, 0.99)(queue) AS queue,
    sumForEachMergeState(heat) AS heat
FROM schedule_performance_metrics AS hours
WHERE (SELECT count() FROM schedule_performance_days) = 0
GROUP BY bucket, topic, source, tier, outcome;

CREATE MATERIALIZED VIEW IF NOT EXISTS schedule_performance_days_view {on_cluster}
TO schedule_performance_days AS
SELECT
    toStartOfDay(hours.bucket, 'UTC') AS bucket,
    topic, source, tier, outcome,
    sum(executions) AS executions, sum(late) AS late, sum(retried) AS retried,
    quantilesDDMergeState(0.01, 0.5, 0.95, 0.99)(lateness) AS lateness,
    quantilesDDMergeState(0.01, 0.5, 0.95, 0.99)(publish) AS publish,
    quantilesDDMergeState(0.01, 0.5, 0.95, 0.99)(queue) AS queue,
    sumForEachMergeState(heat) AS heat
FROM schedule_performance_metrics AS hours
GROUP BY bucket, topic, source, tier, outcome;

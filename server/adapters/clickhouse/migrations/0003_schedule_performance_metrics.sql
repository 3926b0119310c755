-- Hourly aggregate states. Averages and percentiles cannot be summed, so what is kept can be merged: counts, and DDSketches,
-- whose percentiles are within 1 % of the true value however the parts were merged and however late the latest was.
CREATE TABLE IF NOT EXISTS schedule_performance_metrics {on_cluster}
(
    bucket DateTime('UTC'),
    topic LowCardinality(String),
    entity_type LowCardinality(String),
    action LowCardinality(String),
    source LowCardinality(String),
    tier LowCardinality(String),
    outcome LowCardinality(String),
    executions SimpleAggregateFunction(sum, UInt64),
    late SimpleAggregateFunction(sum, UInt64),
    retried SimpleAggregateFunction(sum, UInt64),
    lateness AggregateFunction(quantilesDD(0.01, 0.5, 0.95, 0.99), Float64),
    publish AggregateFunction(quantilesDD(0.01, 0.5, 0.95, 0.99), Nullable(Float64)),
    queue AggregateFunction(quantilesDD(0.01, 0.5, 0.95, 0.99), Float64),
    -- Counts of publish durations up to 1, 2, 5, 10, 20, 50, 100, 200, 500, 1000, 5000 ms, and above.
    heat AggregateFunction(sumForEach, Array(UInt64))
)
ENGINE = {aggregating}
PARTITION BY toYYYYMM(bucket)
ORDER BY (bucket, topic, entity_type, action, source, tier, outcome)
TTL bucket + toIntervalDay(365)
SETTINGS index_granularity = 1024, non_replicated_deduplication_window = 1000;

CREATE MATERIALIZED VIEW IF NOT EXISTS schedule_performance_metrics_view {on_cluster}
TO schedule_performance_metrics AS
SELECT
    toStartOfHour(toDateTime(scheduled_for, 'UTC')) AS bucket,
    topic, entity_type, action, source, tier, outcome,
    count() AS executions,
    countIf(results.late) AS late,
    countIf(attempt_count > 1) AS retried,
    quantilesDDState(0.01, 0.5, 0.95, 0.99)(toFloat64(lateness_ms)) AS lateness,
    quantilesDDState(0.01, 0.5, 0.95, 0.99)(publish_ms) AS publish,
    quantilesDDState(0.01, 0.5, 0.95, 0.99)(
        toFloat64(greatest(0, dateDiff('millisecond', entered_redis_at, ifNull(fired_at, ended_at))))) AS queue,
    sumForEachState(if(publish_ms IS NULL, emptyArrayUInt64(), arrayMap(
        (low, up) -> toUInt64(assumeNotNull(publish_ms) > low AND assumeNotNull(publish_ms) <= up),
        [-1., 1., 2., 5., 10., 20., 50., 100., 200., 500., 1000., 5000.],
        [1., 2., 5., 10., 20., 50., 100., 200., 500., 1000., 5000., inf]))) AS heat
FROM schedule_execution_results AS results
WHERE results.rolled_up
GROUP BY bucket, topic, entity_type, action, source, tier, outcome;

-- The rest of the published event, so that an execution can be replayed from its row alone.
ALTER TABLE schedule_execution_results {on_cluster} ADD COLUMN IF NOT EXISTS raw_value Bool DEFAULT source = 'kafka_delayed' AFTER headers;
ALTER TABLE schedule_execution_results {on_cluster} ADD COLUMN IF NOT EXISTS actor_type LowCardinality(String) DEFAULT 'system' AFTER raw_value;
ALTER TABLE schedule_execution_results {on_cluster} ADD COLUMN IF NOT EXISTS actor_id String DEFAULT 'scheduler' CODEC(ZSTD(1)) AFTER actor_type;

-- What the audit trail is filtered by, so that a list reads the JSON of its own page only.
ALTER TABLE audit {on_cluster} ADD COLUMN IF NOT EXISTS actor LowCardinality(String) DEFAULT JSONExtractString(json, 'actor');
ALTER TABLE audit {on_cluster} ADD COLUMN IF NOT EXISTS verb LowCardinality(String) DEFAULT JSONExtractString(json, 'action');
ALTER TABLE audit {on_cluster} ADD COLUMN IF NOT EXISTS result LowCardinality(String) DEFAULT if(JSONExtractString(json, 'result') = '', 'succeeded', JSONExtractString(json, 'result'));
ALTER TABLE audit {on_cluster} ADD COLUMN IF NOT EXISTS job String DEFAULT JSONExtractString(json, 'job') CODEC(ZSTD(1));

-- Every id that an entry is about: its target, its bulk job, and the schedules of a batch.
ALTER TABLE audit {on_cluster} ADD COLUMN IF NOT EXISTS about Array(String) DEFAULT arrayConcat([JSONExtractString(json, 'target')], if(JSONExtractString(json, 'job') = '', [], [JSONExtractString(json, 'job')]), JSONExtract(json, 'targets', 'Array(String)')) CODEC(ZSTD(1));

-- The keys follow the time, so that few granules have entries of a range.
ALTER TABLE audit {on_cluster} ADD INDEX IF NOT EXISTS by_time version TYPE minmax GRANULARITY 1;
ALTER TABLE audit {on_cluster} ADD INDEX IF NOT EXISTS by_about about TYPE bloom_filter(0.01) GRANULARITY 1;

-- What is stored already gets them in the background; until then it is read without.
ALTER TABLE audit {on_cluster} MATERIALIZE COLUMN actor;
ALTER TABLE audit {on_cluster} MATERIALIZE COLUMN verb;
ALTER TABLE audit {on_cluster} MATERIALIZE COLUMN result;
ALTER TABLE audit {on_cluster} MATERIALIZE COLUMN job;
ALTER TABLE audit {on_cluster} MATERIALIZE COLUMN about;
ALTER TABLE audit {on_cluster} MATERIALIZE INDEX by_time;
ALTER TABLE audit {on_cluster} MATERIALIZE INDEX by_about;

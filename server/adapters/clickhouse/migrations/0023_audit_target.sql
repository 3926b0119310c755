-- What an audit entry is about, so that the entries of one schedule are found without reading all of them.
ALTER TABLE audit {on_cluster} ADD COLUMN IF NOT EXISTS target String DEFAULT JSONExtractString(json, 'target') CODEC(ZSTD(1));
ALTER TABLE audit {on_cluster} ADD INDEX IF NOT EXISTS by_target target TYPE bloom_filter(0.01) GRANULARITY 1;

-- What is stored already gets them in the background; until then it is read without.
ALTER TABLE audit {on_cluster} MATERIALIZE COLUMN target;
ALTER TABLE audit {on_cluster} MATERIALIZE INDEX by_target;

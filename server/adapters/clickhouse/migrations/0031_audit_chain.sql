-- The place of an audit entry in the hash chain of its shard. Entries of older releases have the number 0.
ALTER TABLE audit {on_cluster} ADD COLUMN IF NOT EXISTS chain UInt32 DEFAULT 0 CODEC(ZSTD(1));
ALTER TABLE audit {on_cluster} ADD COLUMN IF NOT EXISTS seq UInt64 DEFAULT 0 CODEC(Delta, ZSTD(1));
ALTER TABLE audit {on_cluster} ADD COLUMN IF NOT EXISTS hash String DEFAULT '' CODEC(ZSTD(1));

-- The rows follow the time and so do the numbers: few granules have the entries after a number.
ALTER TABLE audit {on_cluster} ADD INDEX IF NOT EXISTS by_seq seq TYPE minmax GRANULARITY 1;

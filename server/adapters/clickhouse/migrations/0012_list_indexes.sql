-- Pages of the newest schedules leave out what is older than their last row.
ALTER TABLE event_schedules {on_cluster} ADD INDEX IF NOT EXISTS by_created created_at TYPE minmax GRANULARITY 1;

-- What a contains-search for words looks through: `search` without ids, which are most of it and fill every Bloom filter.
ALTER TABLE event_schedules {on_cluster} ADD COLUMN IF NOT EXISTS words String MATERIALIZED
    lowerUTF8(concat(ifNull(name, ''), '\n', description, '\n', arrayStringConcat(tags, '\n'), '\n',
                     if(match(correlation_id, '^[0-9a-fA-F-]*$'), '', correlation_id))) CODEC(ZSTD(1));
ALTER TABLE event_schedules {on_cluster} ADD INDEX IF NOT EXISTS by_words words TYPE ngrambf_v1(4, 8192, 3, 0) GRANULARITY 1;

-- What is stored already gets them in the background; until then it is read without.
ALTER TABLE event_schedules {on_cluster} MATERIALIZE INDEX by_created;
ALTER TABLE event_schedules {on_cluster} MATERIALIZE COLUMN words;
ALTER TABLE event_schedules {on_cluster} MATERIALIZE INDEX by_words;

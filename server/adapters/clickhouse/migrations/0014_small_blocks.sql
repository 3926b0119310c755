-- A page reads some fifty columns around each of its schedules, and of each column a whole compressed block: small ones, then. They make
-- the catalogue larger by a hundredth, and a page of schedules that lie apart a third faster.
ALTER TABLE event_schedules {on_cluster} MODIFY SETTING min_compress_block_size = 4096;

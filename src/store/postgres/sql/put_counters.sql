INSERT INTO day_counter (group_id, day, counts)
SELECT group_id, day, counts FROM unnest($1::text[], $2::bigint[], $3::bytea[]) AS entry (group_id, day, counts)
ON CONFLICT (group_id, day) DO UPDATE SET counts = excluded.counts

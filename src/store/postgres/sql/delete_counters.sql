DELETE FROM day_counter USING unnest($1::text[], $2::bigint[]) AS entry (group_id, first)
WHERE day_counter.group_id = entry.group_id AND day_counter.day < entry.first

SELECT stands.group_id, stands.day, stands.counts FROM day_counter AS stands
JOIN unnest($1::text[], $2::bigint[]) AS entry (group_id, day) ON stands.group_id = entry.group_id AND stands.day = entry.day

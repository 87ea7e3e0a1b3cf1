INSERT INTO leaver (subscriber_id, group_id, left_on) VALUES ($1, $2, $3)
ON CONFLICT (subscriber_id) DO UPDATE SET group_id = excluded.group_id, left_on = excluded.left_on

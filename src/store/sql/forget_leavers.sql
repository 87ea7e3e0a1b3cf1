DELETE FROM leaver WHERE subscriber_id IN (SELECT subscriber_id FROM leaver WHERE left_on < $1 ORDER BY left_on, subscriber_id LIMIT $2)

DELETE FROM leaver WHERE subscriber_id = $1

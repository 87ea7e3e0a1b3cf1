SELECT left_on, subscriber_id FROM leaver WHERE group_id = $1 AND left_on >= $2 AND left_on <= $3
ORDER BY left_on DESC, subscriber_id DESC LIMIT $4

INSERT INTO named_member (alert_id, subscriber_id, group_id, manager_id, ends_us, kept) VALUES ($1, $2, $3, $4, $5, $6)
ON CONFLICT DO NOTHING

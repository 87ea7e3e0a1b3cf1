DELETE FROM named_member WHERE (alert_id, subscriber_id) IN (SELECT alert_id, subscriber_id FROM named_member
    WHERE ends_us < $1 AND kept IS NOT NULL ORDER BY ends_us, alert_id, subscriber_id LIMIT $2)

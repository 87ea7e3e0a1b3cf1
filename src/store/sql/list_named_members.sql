SELECT alert_id, subscriber_id, group_id, manager_id, ends_us, kept FROM named_member
WHERE ends_us >= $1 AND ends_us < $2 ORDER BY ends_us, alert_id, subscriber_id

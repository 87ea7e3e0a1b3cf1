UPDATE named_member SET kept = $1 WHERE alert_id = $2 AND subscriber_id = $3

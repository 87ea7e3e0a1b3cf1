DELETE FROM reminder WHERE reminder_id IN (SELECT reminder_id FROM reminder WHERE send_on < $1 ORDER BY send_on, reminder_id LIMIT $2)

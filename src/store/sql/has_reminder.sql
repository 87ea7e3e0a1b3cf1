SELECT send_on FROM reminder WHERE reminder_id = $1

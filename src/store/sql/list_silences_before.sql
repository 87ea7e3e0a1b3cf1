SELECT silence_id, body FROM silence WHERE (until_day, silence_id) < ($1, $2) ORDER BY until_day DESC, silence_id DESC LIMIT $3

SELECT body FROM silence WHERE until_day >= $1 ORDER BY silence_id

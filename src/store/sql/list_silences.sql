-- Bounded above too, so that a planner that does not know the day takes it for few.
SELECT silence_id, body FROM silence WHERE until_day >= $1 AND until_day <= 2147483647 ORDER BY until_day, silence_id

-- Bounded above too, so that a planner that does not know the instant takes it for few.
SELECT body FROM task WHERE ended_us >= $1 AND ended_us <= 9223372036854775807 ORDER BY ended_us, task_id

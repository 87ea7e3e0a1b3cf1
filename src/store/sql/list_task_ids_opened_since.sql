-- Bounded above too, so that a planner that does not know the instant takes it for few.
SELECT task_id FROM task WHERE opened_us >= $1 AND opened_us <= 9223372036854775807 ORDER BY opened_us, task_id

-- Bounded above too, so that a planner that does not know the instant takes it for few.
SELECT assignee, count(*) FROM task WHERE opened_us >= $1 AND opened_us <= 9223372036854775807 GROUP BY assignee

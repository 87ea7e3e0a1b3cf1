SELECT min(due_us) FROM notice

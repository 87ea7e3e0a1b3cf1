INSERT INTO source (name, epoch, next_position, next_byte, applied, duplicate, conflict, rejected, gaps, lag, unknown_reason, complete_until_us)
VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12)
ON CONFLICT (name) DO UPDATE SET
    next_position = excluded.next_position,
    next_byte = excluded.next_byte,
    applied = applied + excluded.applied,
    duplicate = duplicate + excluded.duplicate,
    conflict = conflict + excluded.conflict,
    rejected = rejected + excluded.rejected,
    gaps = gaps + excluded.gaps,
    lag = excluded.lag,
    unknown_reason = unknown_reason + excluded.unknown_reason,
    complete_until_us = max(coalesce(complete_until_us, excluded.complete_until_us), coalesce(excluded.complete_until_us, complete_until_us))

INSERT INTO source (name, epoch, next_position, next_byte, applied, duplicate, conflict, rejected, gaps, lag, unknown_reason, complete_until_us, last_digest,
    kind, state, cause, reason, replaced_characters, first_digest, stamp, accept_asked, accept_done)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19, $20, $21, $21)
ON CONFLICT (name) DO UPDATE SET
    next_position = excluded.next_position,
    next_byte = excluded.next_byte,
    last_digest = CASE
        WHEN excluded.next_position = source.next_position THEN coalesce(excluded.last_digest, source.last_digest)
        ELSE excluded.last_digest
    END,
    first_digest = excluded.first_digest,
    stamp = excluded.stamp,
    state = excluded.state,
    cause = excluded.cause,
    reason = excluded.reason,
    applied = source.applied + excluded.applied,
    duplicate = source.duplicate + excluded.duplicate,
    conflict = source.conflict + excluded.conflict,
    rejected = source.rejected + excluded.rejected,
    gaps = source.gaps + excluded.gaps,
    lag = excluded.lag,
    unknown_reason = source.unknown_reason + excluded.unknown_reason,
    replaced_characters = source.replaced_characters + excluded.replaced_characters,
    complete_until_us = CASE
        WHEN source.complete_until_us > excluded.complete_until_us THEN source.complete_until_us
        ELSE coalesce(excluded.complete_until_us, source.complete_until_us)
    END

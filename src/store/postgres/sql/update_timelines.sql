UPDATE timeline SET state = entry.state
FROM unnest($1::uuid[], $2::bytea[]) AS entry (digest, state) WHERE timeline.digest = entry.digest

SELECT recipient FROM outbox WHERE queued_us > $1 AND state <> 'superseded'

UPDATE reject SET retried_us = $1 WHERE reject_id = $2 AND retried_us IS NULL

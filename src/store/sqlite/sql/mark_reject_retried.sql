UPDATE reject SET retried_us = ?2 WHERE reject_id = ?1 AND retried_us IS NULL

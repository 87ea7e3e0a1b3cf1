SELECT entries FROM journal ORDER BY seq

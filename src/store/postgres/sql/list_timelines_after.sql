SELECT page.digest, page.state FROM unnest($1::uuid[]) AS last (digest)
CROSS JOIN LATERAL (SELECT digest, state FROM timeline WHERE timeline.digest > last.digest ORDER BY digest LIMIT 1000) AS page
ORDER BY page.digest

UPDATE duty SET until = clock_timestamp() + $1::bigint * interval '1 millisecond' WHERE name = 'desk' AND token = $2

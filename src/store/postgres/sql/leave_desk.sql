UPDATE duty SET until = clock_timestamp() WHERE name = 'desk' AND token = $1

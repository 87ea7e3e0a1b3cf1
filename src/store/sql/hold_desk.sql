UPDATE duty SET until_us = now_us() + $1 WHERE name = 'desk' AND token = $2

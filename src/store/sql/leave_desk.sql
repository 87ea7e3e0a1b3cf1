UPDATE duty SET until_us = now_us() WHERE name = 'desk' AND token = $1

UPDATE lease SET until_us = now_us() + $1 WHERE name = 'leader' AND token = $2

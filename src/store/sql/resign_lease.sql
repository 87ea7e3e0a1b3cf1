UPDATE lease SET until_us = now_us() WHERE name = 'leader' AND token = $1

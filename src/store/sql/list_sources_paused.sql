SELECT name, reason FROM source WHERE state = 'paused' ORDER BY name

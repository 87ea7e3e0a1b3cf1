SELECT epoch, next_position, kind, reason FROM source WHERE name = $1

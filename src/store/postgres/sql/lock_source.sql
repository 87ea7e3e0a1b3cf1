SELECT epoch, next_position FROM source WHERE name = $1 FOR UPDATE

SELECT name, accept_asked FROM source WHERE accept_asked > accept_done

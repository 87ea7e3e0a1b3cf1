DELETE FROM identity WHERE day < $1

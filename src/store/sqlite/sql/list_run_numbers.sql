SELECT number FROM run

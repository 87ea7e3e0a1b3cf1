SELECT source FROM loading_source

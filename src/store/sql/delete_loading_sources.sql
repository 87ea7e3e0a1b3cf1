DELETE FROM loading_source

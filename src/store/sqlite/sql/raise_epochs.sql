UPDATE source SET epoch = epoch + 1

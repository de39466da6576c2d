threads = 1

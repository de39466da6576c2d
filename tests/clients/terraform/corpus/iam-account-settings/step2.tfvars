two = true

moved = true

changed = true

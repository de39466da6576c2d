excess = "no-termination"
cores  = 1

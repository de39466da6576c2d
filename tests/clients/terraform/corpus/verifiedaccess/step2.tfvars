description = "everyone"
last_port   = 40

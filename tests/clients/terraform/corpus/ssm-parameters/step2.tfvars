host = "db-2.internal"
team = "shop"

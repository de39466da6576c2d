# source: the provider's documentation of aws_spot_datafeed_subscription (rewritten)
resource "aws_spot_datafeed_subscription" "test" {
  bucket = "spot-feeds"
  prefix = "feed"
}

# source: provider tests internal/service/ec2/vpc_network_interface_test.go (ipv4_prefix_count, ipv4_prefixes), vpc_public_ipv4_pool_data_source_test.go (rewritten)
resource "aws_vpc" "test" {
  cidr_block                       = "10.0.0.0/16"
  assign_generated_ipv6_cidr_block = true
}

resource "aws_subnet" "test" {
  vpc_id          = aws_vpc.test.id
  cidr_block      = "10.0.0.0/24"
  ipv6_cidr_block = cidrsubnet(aws_vpc.test.ipv6_cidr_block, 8, 1)
}

resource "aws_ec2_subnet_cidr_reservation" "test" {
  subnet_id        = aws_subnet.test.id
  cidr_block       = "10.0.0.128/26"
  reservation_type = "prefix"
}

resource "aws_network_interface" "counted" {
  subnet_id         = aws_subnet.test.id
  ipv4_prefix_count = 2
  ipv6_prefix_count = 1
  depends_on        = [aws_ec2_subnet_cidr_reservation.test]
}

resource "aws_network_interface" "named" {
  subnet_id     = aws_subnet.test.id
  private_ips   = ["10.0.0.9"]
  ipv4_prefixes = ["10.0.0.64/28"]
}

output "prefixes" {
  value = aws_network_interface.counted.ipv4_prefixes

  precondition {
    condition     = contains(aws_network_interface.counted.ipv4_prefixes, "10.0.0.128/28") && length(aws_network_interface.counted.ipv6_prefixes) == 1
    error_message = "The prefixes are not those of the reservation."
  }
}

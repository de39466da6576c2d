# source: own
variable "second" {
  type    = string
  default = "10.9.1.0/24"
}

resource "aws_vpc" "a" {
  cidr_block                       = "10.1.0.0/16"
  assign_generated_ipv6_cidr_block = true
}

resource "aws_vpc" "b" {
  cidr_block = "10.2.0.0/16"
}

resource "aws_vpc_peering_connection" "test" {
  vpc_id      = aws_vpc.a.id
  peer_vpc_id = aws_vpc.b.id
  auto_accept = true
}

resource "aws_egress_only_internet_gateway" "a" {
  vpc_id = aws_vpc.a.id
}

resource "aws_ec2_managed_prefix_list" "offices" {
  name           = "offices"
  address_family = "IPv4"
  max_entries    = 3

  entry {
    cidr        = "10.9.0.0/24"
    description = "hq"
  }

  entry {
    cidr = var.second
  }
}

resource "aws_route_table" "a" {
  vpc_id = aws_vpc.a.id

  route {
    cidr_block                = aws_vpc.b.cidr_block
    vpc_peering_connection_id = aws_vpc_peering_connection.test.id
  }

  route {
    ipv6_cidr_block        = "::/0"
    egress_only_gateway_id = aws_egress_only_internet_gateway.a.id
  }

  route {
    destination_prefix_list_id = aws_ec2_managed_prefix_list.offices.id
    vpc_peering_connection_id  = aws_vpc_peering_connection.test.id
  }
}

resource "aws_security_group" "a" {
  name   = "a"
  vpc_id = aws_vpc.a.id

  ingress {
    from_port       = 22
    to_port         = 22
    protocol        = "tcp"
    prefix_list_ids = [aws_ec2_managed_prefix_list.offices.id]
  }
}

data "aws_vpc_peering_connection" "test" {
  id         = aws_vpc_peering_connection.test.id
  depends_on = [aws_route_table.a]
}

output "status" {
  value = data.aws_vpc_peering_connection.test.status
  precondition {
    condition     = data.aws_vpc_peering_connection.test.status == "active" && data.aws_vpc_peering_connection.test.peer_cidr_block == "10.2.0.0/16"
    error_message = "The connection is active and shows the peer's block."
  }
}

# source: own; rules of groups and network ACLs changed in place, a gateway's route table, and what ends: a group that serves in another VPC, an address with a domain name
variable "changed" {
  type    = bool
  default = false
}

resource "aws_vpc" "home" {
  cidr_block = "10.1.0.0/16"
}

resource "aws_vpc" "away" {
  cidr_block = "10.2.0.0/16"
}

resource "aws_subnet" "home" {
  count             = 2
  vpc_id            = aws_vpc.home.id
  cidr_block        = "10.1.${count.index}.0/24"
  availability_zone = "us-east-1a"
}

resource "aws_internet_gateway" "home" {
  vpc_id = aws_vpc.home.id
}

resource "aws_route_table" "edge" {
  vpc_id = aws_vpc.home.id

  route {
    cidr_block           = aws_subnet.home[1].cidr_block
    network_interface_id = aws_network_interface.middlebox.id
  }
}

resource "aws_security_group" "shared" {
  name   = "shared"
  vpc_id = aws_vpc.home.id

  ingress {
    from_port   = 443
    to_port     = 443
    protocol    = "tcp"
    cidr_blocks = var.changed ? ["10.0.0.0/8"] : ["10.0.0.0/8", "192.168.0.0/16"]
    self        = !var.changed
    description = var.changed ? "all" : "some"
  }

  ingress {
    from_port        = -1
    to_port          = -1
    protocol         = "icmpv6"
    ipv6_cidr_blocks = ["::/0"]
  }

  ingress {
    from_port   = 0
    to_port     = 0
    protocol    = "50"
    cidr_blocks = ["0.0.0.0/0"]
  }

  egress {
    from_port   = 0
    to_port     = 0
    protocol    = "-1"
    cidr_blocks = [var.changed ? "0.0.0.0/0" : "10.0.0.0/8"]
  }
}

resource "aws_vpc_security_group_vpc_association" "away" {
  count             = var.changed ? 0 : 1
  security_group_id = aws_security_group.shared.id
  vpc_id            = aws_vpc.away.id
}

resource "aws_network_acl" "home" {
  vpc_id     = aws_vpc.home.id
  subnet_ids = var.changed ? [aws_subnet.home[0].id] : aws_subnet.home[*].id

  ingress {
    protocol   = "-1"
    rule_no    = 100
    action     = var.changed ? "deny" : "allow"
    cidr_block = "0.0.0.0/0"
    from_port  = 0
    to_port    = 0
  }

  ingress {
    protocol        = "58"
    rule_no         = 110
    action          = "allow"
    ipv6_cidr_block = "::/0"
    icmp_type       = 128
    icmp_code       = 0
    from_port       = 0
    to_port         = 0
  }

  egress {
    protocol   = "-1"
    rule_no    = var.changed ? 32766 : 2
    action     = "allow"
    cidr_block = "0.0.0.0/0"
    from_port  = 0
    to_port    = 0
  }
}

resource "aws_network_interface" "middlebox" {
  subnet_id       = aws_subnet.home[0].id
  security_groups = [aws_security_group.shared.id]
}

resource "aws_eip" "mail" {
  domain = "vpc"
}

resource "aws_eip_domain_name" "mail" {
  count         = var.changed ? 0 : 1
  allocation_id = aws_eip.mail.allocation_id
  domain_name   = "mail.example.com"
}

resource "aws_route_table_association" "edge" {
  gateway_id     = aws_internet_gateway.home.id
  route_table_id = aws_route_table.edge.id
}

data "aws_route_table" "edge" {
  gateway_id = aws_route_table_association.edge.gateway_id
}

output "edge" {
  value = data.aws_route_table.edge.id

  precondition {
    condition     = data.aws_route_table.edge.id == aws_route_table.edge.id
    error_message = "The gateway has another table."
  }
}

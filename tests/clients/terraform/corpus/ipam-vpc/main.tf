# source: provider tests internal/service/ec2/vpc_test.go (ipv4_ipam_pool_id), vpc_ipam_pool_cidr_allocation_test.go (rewritten)
data "aws_region" "current" {}

resource "aws_vpc_ipam" "test" {
  operating_regions {
    region_name = data.aws_region.current.name
  }
}

resource "aws_vpc_ipam_pool" "top" {
  address_family = "ipv4"
  ipam_scope_id  = aws_vpc_ipam.test.private_default_scope_id
}

resource "aws_vpc_ipam_pool_cidr" "top" {
  ipam_pool_id = aws_vpc_ipam_pool.top.id
  cidr         = "10.0.0.0/8"
}

resource "aws_vpc_ipam_pool" "region" {
  address_family      = "ipv4"
  ipam_scope_id       = aws_vpc_ipam.test.private_default_scope_id
  source_ipam_pool_id = aws_vpc_ipam_pool.top.id
  locale              = data.aws_region.current.name

  allocation_resource_tags = {
    env = "lab"
  }
}

resource "aws_vpc_ipam_pool_cidr" "region" {
  ipam_pool_id   = aws_vpc_ipam_pool.region.id
  netmask_length = 12
  depends_on     = [aws_vpc_ipam_pool_cidr.top]
}

resource "aws_vpc" "test" {
  ipv4_ipam_pool_id   = aws_vpc_ipam_pool.region.id
  ipv4_netmask_length = 20
  depends_on          = [aws_vpc_ipam_pool_cidr.region]

  tags = {
    env = "lab"
  }
}

resource "aws_vpc_ipam_pool_cidr_allocation" "test" {
  ipam_pool_id     = aws_vpc_ipam_pool.region.id
  netmask_length   = 24
  disallowed_cidrs = ["10.0.16.0/24"]
  depends_on       = [aws_vpc.test]
}

output "block" {
  value = aws_vpc.test.cidr_block

  precondition {
    condition     = aws_vpc.test.cidr_block == "10.0.0.0/20" && aws_vpc_ipam_pool_cidr_allocation.test.cidr == "10.0.17.0/24"
    error_message = "The pool did not give its first free blocks."
  }
}

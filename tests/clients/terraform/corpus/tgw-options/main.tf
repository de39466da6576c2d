# source: own; a gateway with all its options, an attachment that changes, a Connect with two peers
variable "changed" {
  type    = bool
  default = false
}

resource "aws_ec2_transit_gateway" "hub" {
  description                        = var.changed ? "hub, changed" : "hub"
  amazon_side_asn                    = 64600
  auto_accept_shared_attachments     = var.changed ? "enable" : "disable"
  security_group_referencing_support = var.changed ? "enable" : "disable"
  vpn_ecmp_support                   = "disable"
  transit_gateway_cidr_blocks        = var.changed ? ["10.20.0.0/24", "2001:db8:0:1::/64"] : ["10.20.0.0/24"]
}

resource "aws_vpc" "spoke" {
  cidr_block                       = "10.40.0.0/16"
  assign_generated_ipv6_cidr_block = true
}

resource "aws_subnet" "spoke" {
  count             = 2
  vpc_id            = aws_vpc.spoke.id
  cidr_block        = cidrsubnet(aws_vpc.spoke.cidr_block, 8, count.index)
  ipv6_cidr_block   = cidrsubnet(aws_vpc.spoke.ipv6_cidr_block, 8, count.index)
  availability_zone = ["us-east-1a", "us-east-1b"][count.index]
}

resource "aws_ec2_transit_gateway_vpc_attachment" "spoke" {
  transit_gateway_id     = aws_ec2_transit_gateway.hub.id
  vpc_id                 = aws_vpc.spoke.id
  subnet_ids             = var.changed ? aws_subnet.spoke[*].id : [aws_subnet.spoke[0].id]
  ipv6_support           = var.changed ? "enable" : "disable"
  appliance_mode_support = var.changed ? "enable" : "disable"
}

resource "aws_ec2_transit_gateway_connect" "tunnel" {
  transit_gateway_id                              = aws_ec2_transit_gateway.hub.id
  transport_attachment_id                         = aws_ec2_transit_gateway_vpc_attachment.spoke.id
  transit_gateway_default_route_table_association = !var.changed
}

resource "aws_ec2_transit_gateway_connect_peer" "appliance" {
  count                         = 2
  transit_gateway_attachment_id = aws_ec2_transit_gateway_connect.tunnel.id
  inside_cidr_blocks            = ["169.254.200.${8 * count.index}/29"]
  peer_address                  = "10.40.0.${10 + count.index}"
  bgp_asn                       = 65000
}

resource "aws_route" "to_hub" {
  route_table_id         = aws_vpc.spoke.main_route_table_id
  destination_cidr_block = "10.0.0.0/8"
  transit_gateway_id     = aws_ec2_transit_gateway_vpc_attachment.spoke.transit_gateway_id
}

output "appliances" {
  value = aws_ec2_transit_gateway_connect_peer.appliance[*].bgp_peer_address

  precondition {
    condition     = length(aws_ec2_transit_gateway_connect_peer.appliance[0].bgp_transit_gateway_addresses) == 2
    error_message = "A Connect peer has two sessions."
  }
}

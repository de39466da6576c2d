# source: own; VPN connections to a transit gateway, one of which moves there from a virtual private gateway
variable "moved" {
  type    = bool
  default = false
}

resource "aws_ec2_transit_gateway" "hub" {
  amazon_side_asn = 64600
}

resource "aws_customer_gateway" "office" {
  bgp_asn    = 65001
  ip_address = "198.51.100.7"
  type       = "ipsec.1"
}

resource "aws_vpn_gateway" "old" {
  amazon_side_asn = 64620
}

resource "aws_vpn_connection" "hub" {
  customer_gateway_id                  = aws_customer_gateway.office.id
  transit_gateway_id                   = aws_ec2_transit_gateway.hub.id
  type                                 = "ipsec.1"
  static_routes_only                   = true
  enable_acceleration                  = true
  tunnel1_phase1_encryption_algorithms = var.moved ? ["AES256"] : ["AES128", "AES256"]

  tags = {
    Name = "hub"
  }
}

resource "aws_vpn_connection" "moving" {
  customer_gateway_id = aws_customer_gateway.office.id
  vpn_gateway_id      = var.moved ? null : aws_vpn_gateway.old.id
  transit_gateway_id  = var.moved ? aws_ec2_transit_gateway.hub.id : null
  type                = "ipsec.1"
}

resource "aws_ec2_transit_gateway_route_table" "office" {
  transit_gateway_id = aws_ec2_transit_gateway.hub.id
}

resource "aws_ec2_transit_gateway_route" "office" {
  destination_cidr_block         = "192.168.0.0/16"
  transit_gateway_attachment_id  = aws_vpn_connection.hub.transit_gateway_attachment_id
  transit_gateway_route_table_id = aws_ec2_transit_gateway_route_table.office.id
}

data "aws_ec2_transit_gateway_vpn_attachment" "hub" {
  transit_gateway_id = aws_ec2_transit_gateway.hub.id
  vpn_connection_id  = aws_vpn_connection.hub.id
}

output "attachment" {
  value = data.aws_ec2_transit_gateway_vpn_attachment.hub.id

  precondition {
    condition     = data.aws_ec2_transit_gateway_vpn_attachment.hub.id == aws_vpn_connection.hub.transit_gateway_attachment_id && aws_vpn_connection.hub.tunnel1_bgp_asn == "64600"
    error_message = "The attachment or the gateway's number was not read back."
  }
}

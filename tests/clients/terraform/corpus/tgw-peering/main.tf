# source: own; two gateways of one account and Region, peered, with tables of their own
resource "aws_ec2_transit_gateway" "side" {
  count       = 2
  description = "side ${count.index}"
}

data "aws_caller_identity" "me" {}

data "aws_region" "here" {}

resource "aws_ec2_transit_gateway_peering_attachment" "requester" {
  peer_account_id         = data.aws_caller_identity.me.account_id
  peer_region             = data.aws_region.here.name
  peer_transit_gateway_id = aws_ec2_transit_gateway.side[1].id
  transit_gateway_id      = aws_ec2_transit_gateway.side[0].id

  options {
    dynamic_routing = "disable"
  }

  tags = {
    Name = "requester"
  }
}

data "aws_ec2_transit_gateway_peering_attachment" "accepter" {
  filter {
    name   = "transit-gateway-id"
    values = [aws_ec2_transit_gateway.side[1].id]
  }

  depends_on = [aws_ec2_transit_gateway_peering_attachment.requester]
}

resource "aws_ec2_transit_gateway_peering_attachment_accepter" "accepter" {
  transit_gateway_attachment_id = data.aws_ec2_transit_gateway_peering_attachment.accepter.id

  tags = {
    Name = "accepter"
  }
}

resource "aws_ec2_transit_gateway_route" "across" {
  destination_cidr_block         = "10.1.0.0/16"
  transit_gateway_attachment_id  = aws_ec2_transit_gateway_peering_attachment.requester.id
  transit_gateway_route_table_id = aws_ec2_transit_gateway.side[0].association_default_route_table_id
  depends_on                     = [aws_ec2_transit_gateway_peering_attachment_accepter.accepter]
}

resource "aws_ec2_transit_gateway_policy_table" "policies" {
  transit_gateway_id = aws_ec2_transit_gateway.side[0].id

  tags = {
    Name = "policies"
  }
}

# source: own; every option of a tunnel, changed in place, and connections of each kind
variable "changed" {
  type    = bool
  default = false
}
data "aws_caller_identity" "me" {}
resource "aws_vpc" "a" {
  cidr_block = "10.1.0.0/16"
}
resource "aws_vpn_gateway" "v" {
  availability_zone = "us-east-1b"
  tags              = { Name = var.changed ? "v2" : "v" }
}
resource "aws_vpn_gateway_attachment" "v" {
  vpc_id         = aws_vpc.a.id
  vpn_gateway_id = aws_vpn_gateway.v.id
}
resource "aws_vpn_gateway_route_propagation" "p" {
  vpn_gateway_id = aws_vpn_gateway_attachment.v.vpn_gateway_id
  route_table_id = aws_vpc.a.main_route_table_id
}
resource "aws_customer_gateway" "c" {
  bgp_asn     = 65010
  ip_address  = "198.51.100.1"
  type        = "ipsec.1"
  device_name = "dev"
  tags        = { Name = var.changed ? "c2" : "c" }
}
resource "aws_customer_gateway" "big" {
  bgp_asn_extended = "4200000001"
  ip_address       = "198.51.100.2"
  type             = "ipsec.1"
}
resource "aws_customer_gateway" "cert" {
  bgp_asn         = 65011
  certificate_arn = "arn:aws:acm:us-east-1:${data.aws_caller_identity.me.account_id}:certificate/11111111-2222-4333-8444-555555555555"
  type            = "ipsec.1"
}
resource "aws_vpn_connection" "full" {
  customer_gateway_id                     = aws_customer_gateway.c.id
  vpn_gateway_id                          = aws_vpn_gateway.v.id
  type                                    = "ipsec.1"
  static_routes_only                      = true
  local_ipv4_network_cidr                 = var.changed ? "10.5.0.0/16" : "10.4.0.0/16"
  remote_ipv4_network_cidr                = var.changed ? "10.7.0.0/16" : "10.6.0.0/16"
  tunnel1_inside_cidr                     = "169.254.8.0/30"
  tunnel1_preshared_key                   = var.changed ? "abcdefgh2" : "abcdefgh1"
  tunnel1_dpd_timeout_action              = var.changed ? "restart" : "none"
  tunnel1_dpd_timeout_seconds             = var.changed ? 45 : 30
  tunnel1_enable_tunnel_lifecycle_control = var.changed
  tunnel1_ike_versions                    = var.changed ? ["ikev2"] : ["ikev1", "ikev2"]
  tunnel1_phase1_dh_group_numbers         = var.changed ? [14, 15, 16] : [2, 14]
  tunnel1_phase1_encryption_algorithms    = var.changed ? ["AES256-GCM-16"] : ["AES128", "AES256"]
  tunnel1_phase1_integrity_algorithms     = var.changed ? ["SHA2-512"] : ["SHA1", "SHA2-256"]
  tunnel1_phase1_lifetime_seconds         = var.changed ? 3600 : 28800
  tunnel1_phase2_dh_group_numbers         = [5, 22]
  tunnel1_phase2_encryption_algorithms    = ["AES128-GCM-16"]
  tunnel1_phase2_integrity_algorithms     = ["SHA2-384"]
  tunnel1_phase2_lifetime_seconds         = var.changed ? 1800 : 3600
  tunnel1_rekey_fuzz_percentage           = var.changed ? 50 : 100
  tunnel1_rekey_margin_time_seconds       = var.changed ? 270 : 540
  tunnel1_replay_window_size              = var.changed ? 512 : 1024
  tunnel1_startup_action                  = var.changed ? "start" : "add"
  tunnel2_inside_cidr                     = var.changed ? "169.254.12.0/30" : "169.254.9.0/30"
  tunnel2_preshared_key                   = "12345678ab"
  tunnel2_dpd_timeout_action              = "clear"
  tunnel2_enable_tunnel_lifecycle_control = !var.changed
  tunnel2_ike_versions                    = ["ikev2"]
  tunnel2_startup_action                  = "start"
  tunnel1_log_options {
    cloudwatch_log_options {
      log_enabled       = !var.changed
      log_group_arn     = var.changed ? null : "arn:aws:logs:us-east-1:${data.aws_caller_identity.me.account_id}:log-group:vpn"
      log_output_format = var.changed ? null : "json"
    }
  }
  tunnel2_log_options {
    cloudwatch_log_options {
      log_enabled       = true
      log_group_arn     = "arn:aws:logs:us-east-1:${data.aws_caller_identity.me.account_id}:log-group:vpn"
      log_output_format = var.changed ? "text" : "json"
    }
  }
  tags = { Name = "full" }
}
resource "aws_vpn_connection_route" "r" {
  for_each               = var.changed ? toset(["192.168.10.0/24", "192.168.12.0/24"]) : toset(["192.168.10.0/24", "192.168.11.0/24"])
  destination_cidr_block = each.key
  vpn_connection_id      = aws_vpn_connection.full.id
}
resource "aws_vpn_connection" "moved" {
  customer_gateway_id = var.changed ? aws_customer_gateway.big.id : aws_customer_gateway.c.id
  vpn_gateway_id      = aws_vpn_gateway.v.id
  type                = "ipsec.1"
}
resource "aws_vpn_connection" "cert" {
  customer_gateway_id = aws_customer_gateway.cert.id
  vpn_gateway_id      = aws_vpn_gateway.v.id
  type                = "ipsec.1"
}
resource "aws_ec2_transit_gateway" "t" {}
resource "aws_vpn_connection" "six" {
  customer_gateway_id      = aws_customer_gateway.c.id
  transit_gateway_id       = aws_ec2_transit_gateway.t.id
  type                     = "ipsec.1"
  tunnel_inside_ip_version = "ipv6"
  local_ipv6_network_cidr  = var.changed ? "2001:db8:1::/48" : null
  tunnel1_inside_ipv6_cidr = "fd00:2001:db8::/126"
}
data "aws_customer_gateway" "by" {
  filter {
    name   = "bgp-asn"
    values = ["65010"]
  }
  filter {
    name   = "ip-address"
    values = ["198.51.100.1"]
  }
  depends_on = [aws_customer_gateway.c]
}
data "aws_vpn_gateway" "v" {
  filter {
    name   = "attachment.state"
    values = ["attached"]
  }
  filter {
    name   = "availability-zone"
    values = ["us-east-1b"]
  }
  depends_on = [aws_vpn_gateway_attachment.v]
}
output "o" {
  sensitive = true
  value     = [aws_vpn_connection.full.customer_gateway_configuration, data.aws_customer_gateway.by.device_name]
  precondition {
    condition     = data.aws_vpn_gateway.v.id == aws_vpn_gateway.v.id && aws_vpn_connection.full.tunnel1_cgw_inside_address == "169.254.8.2"
    error_message = "gateway"
  }
}

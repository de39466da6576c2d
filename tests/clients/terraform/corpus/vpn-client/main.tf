# source: own; an endpoint that changes, a rule for all and one for a group (the provider waits four minutes for each target network: none here)
variable "changed" {
  type    = bool
  default = false
}

data "aws_caller_identity" "me" {}

data "aws_region" "here" {}

locals {
  certificate = "arn:aws:acm:${data.aws_region.here.name}:${data.aws_caller_identity.me.account_id}:certificate/11111111-2222-4333-8444-555555555555"
}

resource "aws_vpc" "main" {
  cidr_block = "10.70.0.0/16"
}

resource "aws_security_group" "clients" {
  name   = "clients"
  vpc_id = aws_vpc.main.id
}

resource "aws_ec2_client_vpn_endpoint" "office" {
  description            = var.changed ? "office, changed" : "office"
  server_certificate_arn = local.certificate
  client_cidr_block      = "172.20.0.0/20"
  split_tunnel           = var.changed
  vpn_port               = var.changed ? 1194 : 443
  dns_servers            = var.changed ? [] : ["10.70.0.2"]
  session_timeout_hours  = var.changed ? 8 : 24
  vpc_id                 = aws_vpc.main.id
  security_group_ids     = [aws_security_group.clients.id]

  authentication_options {
    type                       = "certificate-authentication"
    root_certificate_chain_arn = local.certificate
  }

  client_login_banner_options {
    enabled     = true
    banner_text = var.changed ? "Hello again" : "Hello"
  }

  connection_log_options {
    enabled = false
  }

  tags = {
    Name = "office"
  }
}

resource "aws_ec2_client_vpn_authorization_rule" "all" {
  client_vpn_endpoint_id = aws_ec2_client_vpn_endpoint.office.id
  target_network_cidr    = aws_vpc.main.cidr_block
  authorize_all_groups   = true
}

resource "aws_ec2_client_vpn_authorization_rule" "group" {
  client_vpn_endpoint_id = aws_ec2_client_vpn_endpoint.office.id
  target_network_cidr    = "0.0.0.0/0"
  access_group_id        = "S-1-5-21"
  description            = "staff"
}

resource "aws_iam_saml_provider" "staff" {
  name                   = "staff"
  saml_metadata_document = "<EntityDescriptor xmlns=\"urn:oasis:names:tc:SAML:2.0:metadata\" entityID=\"https://idp.example.com\"><!-- ${join("", [for i in range(200) : "staff "])} --></EntityDescriptor>"
}

# An endpoint for users, without a VPC yet.
resource "aws_ec2_client_vpn_endpoint" "staff" {
  server_certificate_arn = local.certificate
  client_cidr_block      = "172.24.0.0/22"
  self_service_portal    = var.changed ? "disabled" : "enabled"
  transport_protocol     = "tcp"

  authentication_options {
    type              = "federated-authentication"
    saml_provider_arn = aws_iam_saml_provider.staff.arn
  }

  client_connect_options {
    enabled             = true
    lambda_function_arn = "arn:aws:lambda:${data.aws_region.here.name}:${data.aws_caller_identity.me.account_id}:function:AWSClientVPN-${var.changed ? "two" : "one"}"
  }

  connection_log_options {
    enabled              = true
    cloudwatch_log_group = "vpn"
  }
}

data "aws_ec2_client_vpn_endpoint" "office" {
  client_vpn_endpoint_id = aws_ec2_client_vpn_endpoint.office.id
}

output "office" {
  value = data.aws_ec2_client_vpn_endpoint.office.dns_name

  precondition {
    condition     = data.aws_ec2_client_vpn_endpoint.office.transport_protocol == "udp" && endswith(data.aws_ec2_client_vpn_endpoint.office.dns_name, "prod.clientvpn.us-east-1.amazonaws.com")
    error_message = "The endpoint was not read back."
  }
}

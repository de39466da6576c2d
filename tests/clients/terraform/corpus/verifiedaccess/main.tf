# source: the provider's documentation of aws_verifiedaccess_* (rewritten)
variable "description" {
  default = "people and devices"
}

variable "last_port" {
  default = 30
}

resource "aws_vpc" "test" {
  cidr_block = "10.0.0.0/16"
}

resource "aws_subnet" "test" {
  vpc_id     = aws_vpc.test.id
  cidr_block = "10.0.1.0/24"
}

resource "aws_security_group" "test" {
  name   = "verified"
  vpc_id = aws_vpc.test.id
}

resource "aws_network_interface" "test" {
  subnet_id = aws_subnet.test.id
}

resource "aws_verifiedaccess_instance" "test" {
  description                     = var.description
  cidr_endpoints_custom_subdomain = "va.example.com"

  tags = {
    Name = "va"
  }
}

resource "aws_verifiedaccess_instance_logging_configuration" "test" {
  verifiedaccess_instance_id = aws_verifiedaccess_instance.test.id

  access_logs {
    include_trust_context = true

    cloudwatch_logs {
      enabled   = true
      log_group = "/verifiedaccess"
    }
  }
}

resource "aws_verifiedaccess_trust_provider" "test" {
  policy_reference_name    = "idp"
  trust_provider_type      = "user"
  user_trust_provider_type = "oidc"
  description              = var.description

  oidc_options {
    authorization_endpoint = "https://id.example.com/authorize"
    client_id              = "client"
    client_secret          = "not a secret"
    issuer                 = "https://id.example.com"
    scope                  = "openid"
    token_endpoint         = "https://id.example.com/token"
    user_info_endpoint     = "https://id.example.com/user"
  }
}

resource "aws_verifiedaccess_instance_trust_provider_attachment" "test" {
  verifiedaccess_instance_id       = aws_verifiedaccess_instance.test.id
  verifiedaccess_trust_provider_id = aws_verifiedaccess_trust_provider.test.id
}

resource "aws_verifiedaccess_group" "test" {
  verifiedaccess_instance_id = aws_verifiedaccess_instance_trust_provider_attachment.test.verifiedaccess_instance_id
  description                = var.description

  policy_document = <<-EOT
    permit(principal, action, resource)
    when {
      context.idp.groups has "${var.last_port}"
    };
  EOT
}

resource "aws_verifiedaccess_endpoint" "range" {
  attachment_type          = "vpc"
  description              = var.description
  endpoint_type            = "cidr"
  security_group_ids       = [aws_security_group.test.id]
  verified_access_group_id = aws_verifiedaccess_group.test.id

  cidr_options {
    cidr       = "10.0.1.0/24"
    subnet_ids = [aws_subnet.test.id]
    protocol   = "tcp"

    port_range {
      from_port = 22
      to_port   = var.last_port
    }
  }
}

resource "aws_verifiedaccess_endpoint" "web" {
  application_domain       = "app.example.com"
  attachment_type          = "vpc"
  domain_certificate_arn   = "arn:aws:acm:us-east-1:123456789012:certificate/11111111-2222-3333-4444-555555555555"
  endpoint_domain_prefix   = "app"
  endpoint_type            = "network-interface"
  policy_document          = "permit(principal, action, resource);"
  security_group_ids       = [aws_security_group.test.id]
  verified_access_group_id = aws_verifiedaccess_group.test.id

  network_interface_options {
    network_interface_id = aws_network_interface.test.id
    port                 = 443
    protocol             = "https"
  }
}

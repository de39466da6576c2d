# source: own
variable "private_dns" {
  type    = bool
  default = false
}

data "aws_vpc_endpoint_service" "s3" {
  service      = "s3"
  service_type = "Gateway"
}

resource "aws_vpc" "main" {
  cidr_block           = "10.40.0.0/16"
  enable_dns_hostnames = true
}

resource "aws_subnet" "main" {
  vpc_id     = aws_vpc.main.id
  cidr_block = "10.40.1.0/24"
}

resource "aws_security_group" "endpoints" {
  name   = "endpoints"
  vpc_id = aws_vpc.main.id
}

resource "aws_vpc_endpoint" "s3" {
  vpc_id          = aws_vpc.main.id
  service_name    = data.aws_vpc_endpoint_service.s3.service_name
  route_table_ids = [aws_vpc.main.main_route_table_id]
}

resource "aws_vpc_endpoint" "sqs" {
  vpc_id              = aws_vpc.main.id
  service_name        = "com.amazonaws.us-east-1.sqs"
  vpc_endpoint_type   = "Interface"
  subnet_ids          = [aws_subnet.main.id]
  security_group_ids  = [aws_security_group.endpoints.id]
  private_dns_enabled = var.private_dns
}

resource "aws_vpc_endpoint_service" "own" {
  acceptance_required        = false
  network_load_balancer_arns = ["arn:aws:elasticloadbalancing:us-east-1:123456789012:loadbalancer/net/own/0123456789abcdef"]
}

resource "aws_vpc_endpoint_service_allowed_principal" "anyone" {
  vpc_endpoint_service_id = aws_vpc_endpoint_service.own.id
  principal_arn           = "*"
}

resource "aws_vpc_endpoint" "own" {
  vpc_id            = aws_vpc.main.id
  service_name      = aws_vpc_endpoint_service.own.service_name
  vpc_endpoint_type = "Interface"
  subnet_ids        = [aws_subnet.main.id]
}

output "prefix_list" {
  value = aws_vpc_endpoint.s3.prefix_list_id
  precondition {
    condition     = startswith(aws_vpc_endpoint.s3.prefix_list_id, "pl-") && length(aws_vpc_endpoint.sqs.network_interface_ids) == 1 && length(aws_vpc_endpoint.sqs.dns_entry) >= 2
    error_message = "Endpoints lack their prefix list, interfaces or DNS entries."
  }
}

# Written for Fogbank: options of instances, and what an account sets for them in a Region.
terraform {
  required_providers {
    aws = {
      source = "hashicorp/aws"
    }
  }
}

provider "aws" {
  region = "us-east-1"
}

variable "threads" {
  type    = number
  default = 2
}

data "aws_ami" "al2023" {
  most_recent = true
  owners      = ["amazon"]

  filter {
    name   = "name"
    values = ["al2023-ami-2023*-x86_64"]
  }
}

resource "aws_ec2_instance_metadata_defaults" "this" {
  http_tokens                 = "required"
  http_put_response_hop_limit = 3
}

resource "aws_ec2_serial_console_access" "this" {
  enabled = true
}

resource "aws_placement_group" "parts" {
  name            = "parts"
  strategy        = "partition"
  partition_count = 3
}

resource "aws_instance" "options" {
  ami                        = data.aws_ami.al2023.id
  instance_type              = "m5.xlarge"
  placement_group            = aws_placement_group.parts.name
  placement_partition_number = 2
  hibernation                = true

  cpu_options {
    core_count       = 2
    threads_per_core = var.threads
  }

  root_block_device {
    encrypted   = true
    volume_size = 20
  }

  maintenance_options {
    auto_recovery = "disabled"
  }

  private_dns_name_options {
    hostname_type                     = "resource-name"
    enable_resource_name_dns_a_record = true
  }

  depends_on = [aws_ec2_instance_metadata_defaults.this]
}

resource "aws_instance" "enclave" {
  ami           = data.aws_ami.al2023.id
  instance_type = "m5.xlarge"

  enclave_options {
    enabled = true
  }

  capacity_reservation_specification {
    capacity_reservation_preference = "none"
  }
}

output "partition" {
  value = aws_instance.options.placement_partition_number

  precondition {
    condition     = aws_instance.options.private_dns == "${aws_instance.options.id}.ec2.internal"
    error_message = "the name of a host comes from its resource"
  }

  precondition {
    condition     = aws_instance.options.metadata_options[0].http_put_response_hop_limit == 3
    error_message = "the account's defaults hold where the launch says nothing"
  }
}

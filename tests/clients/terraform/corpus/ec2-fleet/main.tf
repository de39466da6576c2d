# Written for Fogbank: fleets of either type, the templates that they and licensed instances come from, and a carrier's zones.
# leaves: ec2:availability-zone-group +1
variable "excess" {
  type    = string
  default = "termination"
}

variable "cores" {
  type    = number
  default = 2
}

resource "aws_launch_template" "fleet" {
  name          = "fleet"
  instance_type = "t3.micro"
}

resource "aws_launch_template" "licensed" {
  name                                 = "licensed"
  instance_type                        = "c5.xlarge"
  ram_disk_id                          = "ari-0123abcd"
  instance_initiated_shutdown_behavior = "terminate"
  update_default_version               = true

  cpu_options {
    core_count       = var.cores
    threads_per_core = 1
  }

  license_specification {
    license_configuration_arn = "arn:aws:license-manager:us-east-1:123456789012:license-configuration:lic-0123456789abcdef0123456789abcdef"
  }

  network_interfaces {
    device_index      = 0
    ipv4_prefix_count = 1

    connection_tracking_specification {
      tcp_established_timeout = 400 + var.cores
    }
  }
}

resource "aws_ec2_fleet" "maintained" {
  excess_capacity_termination_policy = var.excess

  launch_template_config {
    launch_template_specification {
      launch_template_id = aws_launch_template.fleet.id
      version            = "$Latest"
    }

    override {
      instance_type     = "t3.small"
      weighted_capacity = 2
      priority          = 1
      max_price         = "0.1"
    }
  }

  on_demand_options {
    allocation_strategy = "prioritized"
  }

  spot_options {
    allocation_strategy            = "diversified"
    instance_interruption_behavior = "stop"

    maintenance_strategies {
      capacity_rebalance {
        replacement_strategy = "launch"
      }
    }
  }

  target_capacity_specification {
    default_target_capacity_type = "spot"
    total_target_capacity        = 0
  }
}

resource "aws_ec2_fleet" "requested" {
  type = "request"

  launch_template_config {
    launch_template_specification {
      launch_template_name = aws_launch_template.fleet.name
      version              = aws_launch_template.fleet.latest_version
    }

    override {
      instance_requirements {
        burstable_performance = "included"

        memory_mib {
          min = 500
        }

        vcpu_count {
          min = 1
          max = 2
        }
      }
    }
  }

  spot_options {
    allocation_strategy         = "lowestPrice"
    instance_pools_to_use_count = 2
  }

  target_capacity_specification {
    default_target_capacity_type = "on-demand"
    total_target_capacity        = 0
  }
}

resource "aws_ec2_availability_zone_group" "carrier" {
  group_name    = "us-east-1-wl1"
  opt_in_status = "opted-in"
}

data "aws_availability_zone" "boston" {
  name       = "us-east-1-wl1-bos-wlz-1"
  depends_on = [aws_ec2_availability_zone_group.carrier]
}

output "zone" {
  value = data.aws_availability_zone.boston.group_name

  precondition {
    condition     = data.aws_availability_zone.boston.opt_in_status == "opted-in" && data.aws_availability_zone.boston.network_border_group == "us-east-1-wl1-bos-wlz-1"
    error_message = "The zones of a carrier are opted in to together."
  }
}

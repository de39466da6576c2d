# source: own
variable "host" {
  type    = string
  default = "db-1.internal"
}

variable "team" {
  type    = string
  default = "web"
}

data "aws_ssm_parameter" "al2023" {
  name = "/aws/service/ami-amazon-linux-latest/al2023-ami-kernel-default-x86_64"
}

data "aws_ami" "al2023" {
  owners = ["amazon"]

  filter {
    name   = "image-id"
    values = [nonsensitive(data.aws_ssm_parameter.al2023.value)]
  }
}

resource "aws_ssm_parameter" "host" {
  name            = "/shop/db/host"
  description     = "where the database is"
  type            = "String"
  value           = var.host
  allowed_pattern = "^db-"
  tags            = { Team = var.team }
}

resource "aws_ssm_parameter" "password" {
  name  = "/shop/db/password"
  type  = "SecureString"
  value = "of ${var.host}"
  tier  = "Intelligent-Tiering"
}

resource "aws_ssm_parameter" "zones" {
  name  = "zones"
  type  = "StringList"
  value = "a,b,c"
}

resource "aws_ssm_parameter" "image" {
  name      = "/golden/image"
  type      = "String"
  data_type = "aws:ec2:image"
  value     = data.aws_ami.al2023.id
}

resource "aws_launch_template" "golden" {
  name          = "golden"
  image_id      = "resolve:ssm:${aws_ssm_parameter.image.name}"
  instance_type = "t3.micro"
}

resource "aws_instance" "golden" {
  launch_template {
    id      = aws_launch_template.golden.id
    version = aws_launch_template.golden.latest_version
  }

  # the provider takes what a template leaves out for drift, on AWS too
  lifecycle {
    ignore_changes = [user_data]
  }
}

data "aws_ssm_parameters_by_path" "shop" {
  path       = "/shop"
  recursive  = true
  depends_on = [aws_ssm_parameter.host, aws_ssm_parameter.password]
}

output "names" {
  value = data.aws_ssm_parameters_by_path.shop.names

  precondition {
    condition     = toset(data.aws_ssm_parameters_by_path.shop.names) == toset(["/shop/db/host", "/shop/db/password"])
    error_message = "a hierarchy has both parameters"
  }
}

output "image" {
  value = aws_instance.golden.ami

  precondition {
    condition     = aws_instance.golden.ami == data.aws_ami.al2023.id
    error_message = "the instance has the image that the parameter stands for"
  }
}

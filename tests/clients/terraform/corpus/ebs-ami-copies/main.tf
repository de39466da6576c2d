# source: provider tests internal/service/ec2/ec2_ami_{copy,from_instance,launch_permission}_test.go, ebs_snapshot_copy_test.go (rewritten)
variable "description" {
  type    = string
  default = "first"
}

data "aws_ami" "al2023" {
  most_recent = true
  owners      = ["amazon"]

  filter {
    name   = "name"
    values = ["al2023-ami-2023.*-x86_64"]
  }
}

resource "aws_instance" "test" {
  ami           = data.aws_ami.al2023.id
  instance_type = "t3.micro"
}

resource "aws_ami_from_instance" "test" {
  name                    = "from-instance"
  source_instance_id      = aws_instance.test.id
  snapshot_without_reboot = true
}

resource "aws_ami_copy" "test" {
  name              = "copied"
  description       = var.description
  source_ami_id     = aws_ami_from_instance.test.id
  source_ami_region = "us-east-1"
  encrypted         = true
  kms_key_id        = "arn:aws:kms:us-east-1:123456789012:key/1234abcd-12ab-34cd-56ef-1234567890ab"
  deprecation_time  = timeadd(plantimestamp(), "48h")

  lifecycle {
    ignore_changes = [deprecation_time]
  }
}

resource "aws_ami_launch_permission" "account" {
  image_id   = aws_ami_copy.test.id
  account_id = "111122223333"
}

resource "aws_ebs_volume" "test" {
  availability_zone = "us-east-1a"
  size              = 1
}

resource "aws_ebs_snapshot" "test" {
  volume_id = aws_ebs_volume.test.id
}

resource "aws_ebs_snapshot_copy" "test" {
  source_snapshot_id = aws_ebs_snapshot.test.id
  source_region      = "us-east-1"
  description        = "a copy"
  encrypted          = true
  kms_key_id         = "arn:aws:kms:us-east-1:123456789012:key/1234abcd-12ab-34cd-56ef-1234567890ab"
}

output "copy" {
  value = aws_ami_copy.test.id

  precondition {
    condition     = aws_ami_copy.test.root_snapshot_id != aws_ami_from_instance.test.root_snapshot_id && aws_ami_copy.test.architecture == "x86_64" && aws_ebs_snapshot_copy.test.encrypted
    error_message = "The copies are not copies."
  }
}

# source: provider tests internal/service/ec2/ebs_{default_kms_key,encryption_by_default}_test.go, ec2_{image_block_public_access,allowed_images_settings}_test.go (rewritten)
resource "aws_ebs_encryption_by_default" "test" {
  enabled = true
}

resource "aws_ebs_default_kms_key" "test" {
  key_arn = "arn:aws:kms:us-east-1:123456789012:key/1234abcd-12ab-34cd-56ef-1234567890ab"
}

resource "aws_ec2_image_block_public_access" "test" {
  state = "block-new-sharing"
}

resource "aws_ebs_volume" "test" {
  availability_zone = "us-east-1a"
  size              = 1

  depends_on = [aws_ebs_encryption_by_default.test, aws_ebs_default_kms_key.test]
}

output "key" {
  value = aws_ebs_volume.test.kms_key_id

  precondition {
    condition     = aws_ebs_volume.test.encrypted && aws_ebs_volume.test.kms_key_id == aws_ebs_default_kms_key.test.key_arn
    error_message = "The volume does not have the account's key."
  }
}

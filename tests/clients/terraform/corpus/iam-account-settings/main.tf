# source: provider tests internal/service/iam/{account_alias,account_password_policy,server_certificate,saml_provider,openid_connect_provider,service_specific_credential}_test.go (rewritten)
# leaves: iam:security-token-service-preferences +1
variable "two" {
  type    = bool
  default = false
}

resource "aws_iam_account_alias" "a" { account_alias = var.two ? "fog-two" : "fog-one" }

data "aws_iam_account_alias" "a" { depends_on = [aws_iam_account_alias.a] }

resource "aws_iam_account_password_policy" "p" {
  allow_users_to_change_password = true
  hard_expiry                    = var.two ? null : true
  max_password_age               = var.two ? null : 90
  minimum_password_length        = var.two ? 12 : 8
  password_reuse_prevention      = var.two ? 4 : null
  require_lowercase_characters   = true
  require_numbers                = var.two
  require_symbols                = !var.two
  require_uppercase_characters   = true
}

resource "aws_iam_security_token_service_preferences" "s" { global_endpoint_token_version = var.two ? "v1Token" : "v2Token" }

resource "aws_iam_server_certificate" "s" {
  name              = var.two ? "cert-renamed" : "cert"
  path              = var.two ? "/cloudfront/two/" : "/cloudfront/"
  certificate_body  = file("${path.module}/cert.pem")
  private_key       = file("${path.module}/key.pem")
  certificate_chain = file("${path.module}/cert.pem")
  tags              = { kept = "yes" }
  timeouts { delete = "2m" }
}

resource "aws_iam_server_certificate" "prefix" {
  name_prefix      = "cert-"
  certificate_body = file("${path.module}/cert.pem")
  private_key      = file("${path.module}/key.pem")
}

data "aws_iam_server_certificate" "s" {
  name_prefix = "cert"
  path_prefix = "/cloudfront/"
  latest      = true
  depends_on  = [aws_iam_server_certificate.s]
}

resource "aws_iam_saml_provider" "s" {
  name                   = "saml"
  saml_metadata_document = replace(file("${path.module}/saml.xml"), "ENTITY", var.two ? "two.example.com" : "one.example.com")
  tags                   = { two = tostring(var.two) }
}

data "aws_iam_saml_provider" "s" {
  arn = aws_iam_saml_provider.s.arn
}

resource "aws_iam_openid_connect_provider" "o" {
  url             = "https://oidc.eks.us-west-2.amazonaws.com/id/EXAMPLED539D4633E53DE1B71EXAMPLE"
  client_id_list  = var.two ? ["a", "c", "d"] : ["a", "b"]
  thumbprint_list = var.two ? ["cf23df2207d99a74fbe169e3eba035e633b65d94", "9e99a48a9960b14926bb7f3b02e22da2b0ab7280"] : ["cf23df2207d99a74fbe169e3eba035e633b65d94"]
  tags            = var.two ? { b = "2" } : { a = "1", b = "1" }
}

resource "aws_iam_openid_connect_provider" "nothumb" {
  url            = "https://accounts.google.com"
  client_id_list = ["266362248691-re108qaeld573ia0l6clj2i5ac7r7291.apps.googleusercontent.com"]
}

resource "aws_iam_user" "u" {
  name = "cred"
  tags = var.two ? { Case = "x" } : { case = "x" }
}

resource "aws_iam_service_specific_credential" "c" {
  for_each     = toset(["codecommit.amazonaws.com", "cassandra.amazonaws.com"])
  service_name = each.key
  user_name    = aws_iam_user.u.name
  status       = var.two ? "Inactive" : "Active"
}

resource "aws_iam_virtual_mfa_device" "m" {
  virtual_mfa_device_name = "mfa"
  path                    = "/m/"
  tags                    = { two = tostring(var.two) }
}

resource "aws_iam_user_login_profile" "l" {
  user            = aws_iam_user.u.name
  password_length = 40
}

resource "aws_iam_access_key" "k" {
  count  = 2
  user   = aws_iam_user.u.name
  status = var.two == (count.index == 0) ? "Inactive" : "Active"
}

resource "aws_iam_user_ssh_key" "pem" {
  username   = aws_iam_user.u.name
  encoding   = "PEM"
  public_key = file("${path.module}/pub.pem")
  status     = var.two ? "Inactive" : "Active"
}

data "aws_iam_access_keys" "k" {
  user       = aws_iam_user.u.name
  depends_on = [aws_iam_access_key.k]
}

output "alias" {
  value = 1
  precondition {
    condition     = data.aws_iam_account_alias.a.account_alias == aws_iam_account_alias.a.account_alias
    error_message = "The alias was not read back."
  }
}

output "keys" {
  value = 1
  precondition {
    condition     = length(data.aws_iam_access_keys.k.access_keys) == 2
    error_message = "The user should have two keys."
  }
}

output "certificate" {
  value = 1
  precondition {
    condition     = data.aws_iam_server_certificate.s.name != ""
    error_message = "The certificate was not found by its prefix and path."
  }
}

output "thumbprints" {
  value = 1
  precondition {
    condition     = length(aws_iam_openid_connect_provider.nothumb.thumbprint_list) == 1
    error_message = "A provider without thumbprints should have one."
  }
}

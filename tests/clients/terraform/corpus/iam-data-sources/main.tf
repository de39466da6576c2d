# source: provider tests internal/service/iam/*_data_source_test.go (rewritten)
variable "n" {
  type    = number
  default = 2
}

locals {
  trust = jsonencode({ Version = "2012-10-17", Statement = [{ Effect = "Allow", Principal = { Service = "ec2.amazonaws.com" }, Action = "sts:AssumeRole" }] })
}

data "aws_caller_identity" "me" {}

data "aws_partition" "p" {}

resource "aws_iam_user" "u" {
  count = var.n
  name  = "ds-user-${count.index}"
  path  = count.index == 0 ? "/a/" : "/a/b/"
  tags  = { index = tostring(count.index) }
}

resource "aws_iam_role" "r" {
  count              = var.n
  name               = "ds-role-${count.index}"
  path               = "/x/y/"
  assume_role_policy = local.trust
  tags               = { index = tostring(count.index) }
}

resource "aws_iam_group" "g" {
  name = "ds-group"
  path = "/g/"
}

resource "aws_iam_user_group_membership" "u" {
  count  = var.n
  user   = aws_iam_user.u[count.index].name
  groups = [aws_iam_group.g.name]
}

resource "aws_iam_instance_profile" "p" {
  count = var.n
  name  = "ds-profile-${count.index}"
  role  = aws_iam_role.r[0].name
}

resource "aws_iam_policy" "p" {
  name        = "ds-policy"
  path        = "/x/"
  description = "d"
  policy      = jsonencode({ Version = "2012-10-17", Statement = [{ Effect = "Allow", Action = ["ec2:RunInstances"], Resource = ["*"] }] })
  tags        = { n = tostring(var.n) }
}

resource "aws_iam_access_key" "k" {
  user = aws_iam_user.u[0].name
}

resource "aws_iam_openid_connect_provider" "o" {
  url            = "https://gitlab.example.com"
  client_id_list = ["https://gitlab.example.com", "sts.amazonaws.com"]
}

data "aws_iam_users" "all" {
  depends_on = [aws_iam_user.u]
}

data "aws_iam_users" "path" {
  path_prefix = "/a/b/"
  depends_on  = [aws_iam_user.u]
}

data "aws_iam_users" "none" {
  name_regex = "nobody"
  depends_on = [aws_iam_user.u]
}

data "aws_iam_roles" "regex" {
  name_regex = "ds-role-.*"
  depends_on = [aws_iam_role.r]
}

data "aws_iam_group" "g" {
  group_name = aws_iam_group.g.name
  depends_on = [aws_iam_user_group_membership.u]
}

data "aws_iam_instance_profiles" "p" {
  role_name  = aws_iam_role.r[0].name
  depends_on = [aws_iam_instance_profile.p]
}

data "aws_iam_instance_profile" "p" { name = aws_iam_instance_profile.p[0].name }

data "aws_iam_policy" "arn" { arn = aws_iam_policy.p.arn }

data "aws_iam_policy" "aws" {
  name = "AmazonEC2ReadOnlyAccess"
}

data "aws_iam_role" "r" { name = aws_iam_role.r[1].name }

data "aws_iam_user" "u" { user_name = aws_iam_user.u[1].name }

data "aws_iam_access_keys" "k" { user = aws_iam_access_key.k.user }

data "aws_iam_openid_connect_provider" "arn" { arn = aws_iam_openid_connect_provider.o.arn }

data "aws_iam_session_context" "role" { arn = "arn:aws:sts::${data.aws_caller_identity.me.account_id}:assumed-role/${aws_iam_role.r[0].name}/session" }

data "aws_iam_policy_document" "trust" {
  statement {
    actions = ["sts:AssumeRole"]
    principals {
      type        = "AWS"
      identifiers = [aws_iam_user.u[0].arn, aws_iam_role.r[0].arn, data.aws_caller_identity.me.account_id]
    }
  }
  statement {
    actions = ["sts:AssumeRoleWithWebIdentity"]
    principals {
      type        = "Federated"
      identifiers = [aws_iam_openid_connect_provider.o.arn, "cognito-identity.amazonaws.com"]
    }
    condition {
      test     = "ForAnyValue:StringEquals"
      variable = "gitlab.example.com:aud"
      values   = ["sts.amazonaws.com", "x"]
    }
  }
  statement {
    effect  = "Deny"
    actions = ["sts:AssumeRole"]
    not_principals {
      type        = "AWS"
      identifiers = [aws_iam_user.u[0].arn, "arn:aws:iam::${data.aws_caller_identity.me.account_id}:root"]
    }
  }
}

resource "aws_iam_role" "trusting" {
  name_prefix          = "ds-trusting-"
  assume_role_policy   = data.aws_iam_policy_document.trust.json
  permissions_boundary = data.aws_iam_policy.aws.arn
}

locals {
  checks = {
    users    = length(data.aws_iam_users.all.names) >= var.n
    path     = length(data.aws_iam_users.path.arns) == var.n - 1
    none     = length(data.aws_iam_users.none.names) == 0
    roles    = length(data.aws_iam_roles.regex.names) == var.n
    group    = length(data.aws_iam_group.g.users) == var.n && data.aws_iam_group.g.path == "/g/"
    profiles = length(data.aws_iam_instance_profiles.p.names) == var.n
    profile  = data.aws_iam_instance_profile.p.role_arn == aws_iam_role.r[0].arn
    policy   = data.aws_iam_policy.arn.tags["n"] == tostring(var.n) && data.aws_iam_policy.arn.description == "d"
    aws      = data.aws_iam_policy.aws.arn == "arn:aws:iam::aws:policy/AmazonEC2ReadOnlyAccess" && data.aws_iam_policy.aws.path == "/"
    role     = data.aws_iam_role.r.tags["index"] == "1" && data.aws_iam_role.r.max_session_duration == 3600
    user     = data.aws_iam_user.u.tags["index"] == "1" && data.aws_iam_user.u.path == "/a/b/"
    keys     = one(data.aws_iam_access_keys.k.access_keys).access_key_id == aws_iam_access_key.k.id
    oidc     = length(data.aws_iam_openid_connect_provider.arn.client_id_list) == 2 && length(data.aws_iam_openid_connect_provider.arn.thumbprint_list) == 1
    session  = data.aws_iam_session_context.role.issuer_arn == aws_iam_role.r[0].arn && data.aws_iam_session_context.role.issuer_id == aws_iam_role.r[0].unique_id && data.aws_iam_session_context.role.session_name == "session"
  }
}

output "failed" {
  value = [for k, v in local.checks : k if !v]
  precondition {
    condition     = alltrue(values(local.checks))
    error_message = "These data sources are wrong: ${join(", ", [for k, v in local.checks : k if !v])}"
  }
}

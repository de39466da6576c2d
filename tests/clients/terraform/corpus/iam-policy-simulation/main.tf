# source: provider tests internal/service/iam/{principal_policy_simulation_data_source,policy_document_data_source}_test.go (rewritten)
data "aws_caller_identity" "me" {}

resource "aws_iam_user" "u" { name = "sim" }

data "aws_iam_policy_document" "base" {
  statement {
    sid       = "One"
    actions   = ["s3:ListBucket"]
    resources = ["arn:aws:s3:::$${aws:username}"]
  }
  statement {
    sid       = "Two"
    actions   = ["s3:PutObject"]
    resources = ["arn:aws:s3:::&{aws:username}/*"]
  }
}

data "aws_iam_policy_document" "all" {
  policy_id                 = "All"
  version                   = "2012-10-17"
  source_policy_documents   = [data.aws_iam_policy_document.base.json]
  override_policy_documents = [jsonencode({ Version = "2012-10-17", Statement = [{ Sid = "Two", Effect = "Deny", Action = "s3:DeleteObject", Resource = "*" }] })]
  statement {
    sid           = "NotAct"
    not_actions   = ["iam:*", "s3:*", "ec2:Run*"]
    not_resources = ["arn:aws:sqs:*:*:secret"]
    condition {
      test     = "StringEqualsIfExists"
      variable = "aws:RequestedRegion"
      values   = ["us-east-1", "eu-west-1"]
    }
    condition {
      test     = "ForAllValues:StringLike"
      variable = "aws:TagKeys"
      values   = ["a*", "b*"]
    }
    condition {
      test     = "NotIpAddress"
      variable = "aws:SourceIp"
      values   = ["10.0.0.0/8"]
    }
    condition {
      test     = "DateGreaterThan"
      variable = "aws:CurrentTime"
      values   = ["2020-01-01T00:00:00Z"]
    }
    condition {
      test     = "Null"
      variable = "aws:TokenIssueTime"
      values   = ["true"]
    }
  }
  statement {
    sid       = "Run"
    actions   = ["ec2:RunInstances"]
    resources = ["*"]
    condition {
      test     = "StringEquals"
      variable = "ec2:InstanceType"
      values   = ["t3.micro"]
    }
  }
}

resource "aws_iam_user_policy" "u" {
  user   = aws_iam_user.u.name
  policy = data.aws_iam_policy_document.all.json
}

data "aws_iam_principal_policy_simulation" "allow" {
  policy_source_arn = aws_iam_user.u.arn
  action_names      = ["s3:ListBucket"]
  resource_arns     = ["arn:aws:s3:::sim"]
  caller_arn        = aws_iam_user.u.arn
  depends_on        = [aws_iam_user_policy.u]
}

data "aws_iam_principal_policy_simulation" "deny" {
  policy_source_arn = aws_iam_user.u.arn
  action_names      = ["s3:DeleteObject", "iam:CreateUser"]
  depends_on        = [aws_iam_user_policy.u]
}

data "aws_iam_principal_policy_simulation" "ctx" {
  policy_source_arn = aws_iam_user.u.arn
  action_names      = ["ec2:RunInstances"]
  context {
    key    = "ec2:InstanceType"
    type   = "string"
    values = ["t3.micro"]
  }
  depends_on = [aws_iam_user_policy.u]
}

data "aws_iam_principal_policy_simulation" "missing" {
  policy_source_arn = aws_iam_user.u.arn
  action_names      = ["ec2:RunInstances"]
  depends_on        = [aws_iam_user_policy.u]
}

data "aws_iam_principal_policy_simulation" "extra" {
  policy_source_arn                  = aws_iam_user.u.arn
  action_names                       = ["iam:CreateUser", "sqs:SendMessage"]
  additional_policies_json           = [jsonencode({ Version = "2012-10-17", Statement = [{ Effect = "Allow", Action = "*", Resource = "*" }] })]
  permissions_boundary_policies_json = [jsonencode({ Version = "2012-10-17", Statement = [{ Effect = "Allow", Action = ["iam:CreateUser"], Resource = "*" }] })]
  depends_on                         = [aws_iam_user_policy.u]
}

data "aws_iam_principal_policy_simulation" "resource" {
  policy_source_arn         = aws_iam_user.u.arn
  caller_arn                = aws_iam_user.u.arn
  action_names              = ["s3:GetObject"]
  resource_arns             = ["arn:aws:s3:::shared/x"]
  resource_owner_account_id = data.aws_caller_identity.me.account_id
  resource_policy_json      = jsonencode({ Version = "2012-10-17", Statement = [{ Effect = "Allow", Action = "s3:GetObject", Resource = "arn:aws:s3:::shared/x", Principal = { AWS = aws_iam_user.u.arn } }] })
  depends_on                = [aws_iam_user_policy.u]
}

output "decisions" {
  value = {
    allow    = data.aws_iam_principal_policy_simulation.allow.results
    deny     = data.aws_iam_principal_policy_simulation.deny.results
    ctx      = data.aws_iam_principal_policy_simulation.ctx.results
    missing  = data.aws_iam_principal_policy_simulation.missing.results
    extra    = data.aws_iam_principal_policy_simulation.extra.results
    resource = data.aws_iam_principal_policy_simulation.resource.results
  }
  precondition {
    condition     = data.aws_iam_principal_policy_simulation.allow.all_allowed
    error_message = "A bucket of the user's name should be allowed."
  }
  precondition {
    condition     = !data.aws_iam_principal_policy_simulation.deny.all_allowed && { for r in data.aws_iam_principal_policy_simulation.deny.results : r.action_name => r.decision } == { "s3:DeleteObject" = "explicitDeny", "iam:CreateUser" = "implicitDeny" }
    error_message = "What overrides a statement should deny."
  }
  precondition {
    condition     = data.aws_iam_principal_policy_simulation.ctx.all_allowed && !data.aws_iam_principal_policy_simulation.missing.all_allowed && contains(one(data.aws_iam_principal_policy_simulation.missing.results).missing_context_keys, "ec2:InstanceType")
    error_message = "A key that is not given should be named as missing."
  }
  precondition {
    condition     = { for r in data.aws_iam_principal_policy_simulation.extra.results : r.action_name => r.decision } == { "iam:CreateUser" = "allowed", "sqs:SendMessage" = "implicitDeny" }
    error_message = "The boundary should limit what the additional policy allows: ${jsonencode(data.aws_iam_principal_policy_simulation.extra.results)}"
  }
  precondition {
    condition     = { for r in data.aws_iam_principal_policy_simulation.resource.results : r.resource_arn => r.decision } == { "arn:aws:s3:::shared/x" = "allowed" }
    error_message = "The resource's policy should allow: ${jsonencode(data.aws_iam_principal_policy_simulation.resource.results)}"
  }
}

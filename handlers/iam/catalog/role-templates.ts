/**
 * The role templates whose content AWS shows. Others of its directory are put here through the control API.
 * https://docs.aws.amazon.com/IAM/latest/UserGuide/id_roles_create_role-template.html
 */
export const ROLE_TEMPLATES: Readonly<Record<string, readonly Readonly<Record<string, unknown>>[]>> = {
  'arn:aws:iam::aws:role-template/iam.amazonaws.com/PowerUserRoleTemplate:1': [{
    // assumed: what the example of an AcquireRole event does not show.
    TemplateArn: 'arn:aws:iam::aws:role-template/iam.amazonaws.com/PowerUserRoleTemplate:1', TemplateName: 'PowerUserRoleTemplate', MajorVersion: 1, MinorVersion: 0, DefaultMinorVersion: 0,
    ManagedByType: 'Service', ManagedByValue: 'iam.amazonaws.com', Enabled: true, VersionEnabled: true,
    RoleNamePattern: '@{RoleName}', RolePathPattern: '/',
    AssumeRolePolicyDocumentTemplate: '{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Principal":{"Service":"@{AWSServiceName}"},"Action":"sts:AssumeRole"}]}',
    ManagedPolicyArns: ['arn:aws:iam::aws:policy/PowerUserAccess'],
    ParametersDefinition: [{ Name: 'RoleName', Type: 'String', IsRequired: false, DefaultValue: 'PowerUserRole' }, { Name: 'AWSServiceName', Type: 'String', IsRequired: true }],
  }],
};

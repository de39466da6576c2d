import { describe, expect, it } from 'vitest';
import { managedPolicies, managedPolicy, managedPolicyDocument } from '../../../handlers/iam/catalog/managed-policies.ts';

describe('managed policies', () => {
  it('are more than a thousand, each with its own name, id and ARN', () => {
    const all = managedPolicies();
    expect(all.length).toBeGreaterThan(1000);
    for (const member of ['PolicyName', 'PolicyId', 'Arn'] as const) {
      expect(new Set(all.map((policy) => policy[member])).size).toBe(all.length);
    }
    for (const policy of all) {
      expect(policy.Arn).toBe(`arn:aws:iam::aws:policy${policy.Path}${policy.PolicyName}`);
      expect(policy.PolicyId).toMatch(/^ANPA[A-Z2-7]{17}$/);
      expect(policy.DefaultVersionId).toMatch(/^v\d+$/);
      expect(new Date(policy.CreateDate).toISOString()).toBe(policy.CreateDate);
      expect(policy.UpdateDate >= policy.CreateDate).toBe(true);
    }
  });

  it('have documents that parse, with statements', () => {
    for (const policy of managedPolicies()) {
      const document = JSON.parse(managedPolicyDocument(policy.Arn)!);
      expect(['2012-10-17', '2008-10-17'], policy.PolicyName).toContain(document.Version);
      expect([document.Statement].flat().length, policy.PolicyName).toBeGreaterThan(0);
    }
  });

  it('give AdministratorAccess to the letter', () => {
    const arn = 'arn:aws:iam::aws:policy/AdministratorAccess';
    expect(managedPolicy(arn)).toMatchObject({ PolicyName: 'AdministratorAccess', Path: '/', DefaultVersionId: 'v1', CreateDate: '2015-02-06T18:39:46.000Z' });
    expect(managedPolicyDocument(arn)).toBe(`{
    "Version": "2012-10-17",
    "Statement": [
        {
            "Effect": "Allow",
            "Action": "*",
            "Resource": "*"
        }
    ]
}`);
  });

  it('give AmazonSSMManagedInstanceCore its second version', () => {
    const arn = 'arn:aws:iam::aws:policy/AmazonSSMManagedInstanceCore';
    expect(managedPolicy(arn)).toMatchObject({ DefaultVersionId: 'v2', UpdateDate: '2019-05-23T16:54:21.000Z' });
    expect(JSON.parse(managedPolicyDocument(arn)!).Statement[0].Action).toContain('ssm:GetParameter');
  });

  it('lie under their paths', () => {
    expect(managedPolicy('arn:aws:iam::aws:policy/service-role/AmazonEC2SpotFleetTaggingRole')!.Path).toBe('/service-role/');
    expect(managedPolicy('arn:aws:iam::aws:policy/job-function/ViewOnlyAccess')!.Path).toBe('/job-function/');
    for (const name of ['ReadOnlyAccess', 'PowerUserAccess', 'AmazonEC2FullAccess']) {
      expect(managedPolicy(`arn:aws:iam::aws:policy/${name}`)!.PolicyName).toBe(name);
    }
  });

  it('know no other ARN', () => {
    for (const arn of ['arn:aws:iam::aws:policy/Nothing', 'AdministratorAccess', 'arn:aws:iam::123456789012:policy/AdministratorAccess', '']) {
      expect(managedPolicy(arn)).toBeUndefined();
      expect(managedPolicyDocument(arn)).toBeUndefined();
    }
  });
});

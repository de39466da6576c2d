import { generateKeyPairSync } from 'node:crypto';
import { gzipSync } from 'node:zlib';
import { CloudWatchClient, ListMetricsCommand } from '@aws-sdk/client-cloudwatch';
import { CreateVolumeCommand, DescribeVolumesCommand, DescribeVpcsCommand, EC2Client } from '@aws-sdk/client-ec2';
import { ListKeysCommand, KMSClient } from '@aws-sdk/client-kms';
import { GetCallerIdentityCommand, STSClient } from '@aws-sdk/client-sts';
import aws4 from 'aws4';
import { beforeAll, describe, expect, it } from 'vitest';
import { isRegion } from '../../src/main.ts';
import { SettingError, settingsFrom } from '../../src/settings.ts';
import { fogbank, refusal, type Fogbank } from '../support/fogbank.ts';

let fb: Fogbank;
beforeAll(async () => {
  fb = await fogbank();
});

/** A signed query request by aws4, an implementation that is not the SDK's. */
async function query(service: string, body: string, { method = 'POST', headers = {} as Record<string, string>, signQuery = false } = {}) {
  const { host } = new URL(fb.endpoint);
  const get = method === 'GET';
  const signed = aws4.sign(
    { host, service, region: 'us-east-1', method, path: get ? `/?${body}` : '/', ...(get ? {} : { body }), signQuery, headers: { ...(get ? {} : { 'Content-Type': 'application/x-www-form-urlencoded; charset=utf-8' }), ...headers } },
    { accessKeyId: 'test', secretAccessKey: 'test' },
  );
  const response = await fetch(`${fb.endpoint}${signed.path}`, { method, headers: signed.headers as Record<string, string>, ...(get ? {} : { body }) });
  return { status: response.status, text: await response.text(), headers: response.headers };
}

describe('the wire', () => {
  it('answers requests by POST, by GET and presigned', async () => {
    for (const options of [{}, { method: 'GET' }, { method: 'GET', signQuery: true }]) {
      const { status, text } = await query('sts', 'Action=GetCallerIdentity&Version=2011-06-15', options);
      expect([status, /<Arn>(.*)<\/Arn>/.exec(text)?.[1]], JSON.stringify(options)).toEqual([200, 'arn:aws:iam::123456789012:root']);
    }
  });

  it('gives every answer a request id, in header and body', async () => {
    const { text, headers } = await query('ec2', 'Action=DescribeVpcs&Version=2016-11-15');
    expect(headers.get('x-amzn-requestid')).toBe(/<requestId>(.*)<\/requestId>/.exec(text)?.[1]);
  });

  it('names an unknown action, version or service as AWS does', async () => {
    expect((await query('ec2', 'Action=Nonsense&Version=2016-11-15')).text).toContain('<Code>InvalidAction</Code><Message>The action Nonsense is not valid for this web service.</Message>');
    expect((await query('iam', 'Action=GetUser&Version=1999-01-01')).text).toContain('<Code>InvalidAction</Code>');
    expect((await query('nonsense', 'Action=Nonsense&Version=1')).text).toContain('<Code>InvalidAction</Code>');
  });

  it('answers NotImplemented, with service and operation, in the protocol of the call', async () => {
    expect(await refusal(new CloudWatchClient(fb.config()).send(new ListMetricsCommand({})))).toMatchObject({ code: 'NotImplemented', status: 501, message: 'Fogbank does not implement CloudWatch ListMetrics (cloudwatch:ListMetrics).' });
    expect(await refusal(new KMSClient(fb.config()).send(new ListKeysCommand({})))).toMatchObject({ code: 'NotImplemented', status: 501 });
    const { status, text } = await query('ec2', 'Action=ExportTransitGatewayRoutes&TransitGatewayRouteTableId=tgw-rtb-1&S3Bucket=b&Version=2016-11-15');
    expect([status, text]).toEqual([501, expect.stringContaining('<Code>NotImplemented</Code>')]);
  });

  it('refuses parameters that nobody declared, and reads gzipped bodies', async () => {
    expect((await query('ec2', 'Action=DescribeVpcs&Version=2016-11-15&Foo=1')).text).toContain('<Code>UnknownParameter</Code>');
    const body = gzipSync('Action=DescribeVpcs&Version=2016-11-15');
    const { host } = new URL(fb.endpoint);
    const signed = aws4.sign({ host, service: 'ec2', region: 'us-east-1', method: 'POST', path: '/', body: body as unknown as string, headers: { 'Content-Type': 'application/x-www-form-urlencoded', 'Content-Encoding': 'gzip' } }, { accessKeyId: 'test', secretAccessKey: 'test' });
    const response = await fetch(fb.endpoint, { method: 'POST', headers: signed.headers as Record<string, string>, body });
    expect([response.status, await response.text()]).toEqual([200, expect.stringContaining('<vpcId>')]);
  });

  it('takes an empty value of a name for none, and an empty text for a text', async () => {
    expect((await query('ec2', 'Action=CreateSecurityGroup&GroupName=packer&GroupDescription=d&VpcId=&Version=2016-11-15')).text).toContain('<groupId>');
    expect((await query('ec2', 'Action=CreateVolume&Size=1&AvailabilityZone=&Version=2016-11-15')).text).toContain('<Code>MissingParameter</Code>');
    const { text } = await query('ec2', 'Action=CreateVpc&CidrBlock=10.0.0.0%2F16&TagSpecification.1.ResourceType=vpc&TagSpecification.1.Tag.1.Key=a&TagSpecification.1.Tag.1.Value=&Version=2016-11-15');
    expect(text).toMatch(/<key>a<\/key><value(\/>|><\/value>)/);
  });

  it('reads Base64 that is broken into lines', async () => {
    const material = Buffer.from(generateKeyPairSync('rsa', { modulusLength: 2048 }).publicKey.export({ type: 'spki', format: 'der' }).toString('base64')).toString('base64');
    const imported = (text: string, name: string) => query('ec2', `Action=ImportKeyPair&KeyName=${name}&PublicKeyMaterial=${encodeURIComponent(text)}&Version=2016-11-15`);
    const fingerprint = async (text: string, name: string) => /<keyFingerprint>(.*)<\/keyFingerprint>/.exec((await imported(text, name)).text)?.[1];
    expect(await fingerprint(material.replaceAll(/.{60}/g, '$&\n'), 'broken')).toMatch(/^[0-9a-f:]{47}$/);
    expect((await imported(`${material}!`, 'wrong')).text).toContain('<Code>InvalidParameterValue</Code>');
  });
});

describe('identity', () => {
  const who = (config: ReturnType<Fogbank['config']>) => new STSClient(config).send(new GetCallerIdentityCommand({}));

  it('unknown keys are root of the default account, twelve digits of their own, and test needs its secret', async () => {
    expect((await who(fb.config({ accessKeyId: 'AKIAIOSFODNN7EXAMPLE', secretAccessKey: 'x' }))).Account).toBe('123456789012');
    expect((await who(fb.config({ accessKeyId: '999999999999', secretAccessKey: 'x' }))).Account).toBe('999999999999');
    expect((await refusal(who(fb.config({ secretAccessKey: 'x' })))).code).toBe('SignatureDoesNotMatch');
  });

  it('strict mode refuses unknown keys', async () => {
    const strict = await fogbank({ auth: 'strict' });
    expect(await refusal(new STSClient(strict.config({ accessKeyId: 'AKIAIOSFODNN7EXAMPLE', secretAccessKey: 'x' })).send(new GetCallerIdentityCommand({})))).toMatchObject({ code: 'InvalidClientTokenId', status: 403 });
    expect((await refusal(new EC2Client(strict.config({ accessKeyId: 'AKIAIOSFODNN7EXAMPLE', secretAccessKey: 'x' })).send(new DescribeVpcsCommand({})))).code).toBe('AuthFailure');
    expect((await strict.sts.send(new GetCallerIdentityCommand({}))).Account).toBe('123456789012');
  });

  it('a region must exist', async () => {
    expect((await refusal(new STSClient(fb.config({ region: 'moon-east-1' })).send(new GetCallerIdentityCommand({})))).code).toBe('SignatureDoesNotMatch');
  });
});

describe('the control API', () => {
  it('says that it is well and what is in it, and empties it', async () => {
    const own = await fogbank();
    await own.ec2.send(new CreateVolumeCommand({ AvailabilityZone: 'us-east-1a', Size: 1 }));
    const read = async (path: string, method = 'GET') => (await fetch(`${own.endpoint}${path}`, { method })).json() as Promise<{ resources?: object }>;
    expect(await read('/_fogbank/health')).toMatchObject({ status: 'ok', parts: { store: { status: 'ok' }, clock: { rate: 1 }, faults: { rules: 0 } } });
    expect((await read('/_fogbank/info')).resources).toMatchObject({ 'ec2:volume': 1, 'ec2:vpc': 1, 'ec2:subnet': 6 });
    for (const path of ['/_fogbank/reset', '/moto-api/reset']) {
      expect(await read(path, 'POST')).toEqual({ status: 'ok' });
      expect((await own.ec2.send(new DescribeVolumesCommand({}))).Volumes).toEqual([]);
    }
  });
});

it('the same seed gives the same ids', async () => {
  const ids = async () => {
    const seeded = await fogbank({ seed: 'a' });
    const { VolumeId } = await seeded.ec2.send(new CreateVolumeCommand({ AvailabilityZone: 'us-east-1a', Size: 1, ClientToken: 'x' }));
    return [VolumeId, ...(await seeded.ec2.send(new DescribeVpcsCommand({}))).Vpcs!.map((v) => v.VpcId)];
  };
  expect(await ids()).toEqual(await ids());
});

describe('settings', () => {
  const from = (flags: Record<string, string>, environment: Record<string, string> = {}) => settingsFrom(flags, environment, isRegion);

  it('come from flags, then the environment, then defaults', () => {
    expect(from({ port: '5000' }, { FOGBANK_PORT: '6000', FOGBANK_PACE: 'instant' })).toMatchObject({ port: 5000, pace: 'instant', account: '000000000000', region: 'us-east-1', data: '.fogbank' });
  });

  it.each([[{ port: '70000' }], [{ account: '12' }], [{ region: 'moon-east-1' }], [{ auth: 'maybe' }], [{ iam: 'enforced' }], [{ pace: 'slowly' }], [{ log: 'loud' }]])('stop the start where they are wrong: %j', (flags) => {
    const [[name, value]] = Object.entries(flags) as [[string, string]];
    expect(() => from(flags)).toThrow(SettingError);
    expect(() => from(flags)).toThrow(`--${name} '${value}': `);
  });

  it('a misspelt variable stops the start', () => {
    expect(() => from({}, { FOGBANK_PROT: '1' })).toThrow('FOGBANK_PROT is not a setting');
  });
});

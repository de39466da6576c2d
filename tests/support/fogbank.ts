import { EC2Client } from '@aws-sdk/client-ec2';
import { IAMClient } from '@aws-sdk/client-iam';
import { STSClient } from '@aws-sdk/client-sts';
import pino from 'pino';
import { afterAll } from 'vitest';
import { isRegion, start, type Running } from '../../src/main.ts';
import { settingsFrom } from '../../src/settings.ts';

export interface Fogbank extends Running {
  readonly ec2: EC2Client;
  readonly iam: IAMClient;
  readonly sts: STSClient;
  /** What a client constructor wants, to speak to this one as another account, region or key. */
  config(over?: { region?: string; accessKeyId?: string; secretAccessKey?: string; sessionToken?: string }): ClientConfig;
}

interface ClientConfig {
  endpoint: string;
  region: string;
  maxAttempts: number;
  credentials: { accessKeyId: string; secretAccessKey: string; sessionToken?: string };
}

/** A Fogbank of its own for a test file, over real HTTP, stopped at its end. Instant pace: what takes time is due at the next request. */
export async function fogbank(flags: Record<string, string> = {}): Promise<Fogbank> {
  const settings = settingsFrom({ port: '0', data: ':memory:', pace: 'instant', account: '123456789012', log: 'silent', quotas: 'off', ...flags }, {}, isRegion);
  const running = await start(settings, pino({ level: 'silent' }));
  const config: Fogbank['config'] = ({ region = 'us-east-1', accessKeyId = 'test', secretAccessKey = 'test', sessionToken } = {}) => ({
    endpoint: running.endpoint, region, maxAttempts: 1,
    credentials: { accessKeyId, secretAccessKey, ...(sessionToken ? { sessionToken } : {}) },
  });
  afterAll(() => running.stop());
  return { ...running, config, ec2: new EC2Client(config()), iam: new IAMClient(config()), sts: new STSClient(config()) };
}

export interface Refusal {
  readonly code: string;
  readonly message: string;
  readonly status: number;
}

/** The error that a call ends with; a call that succeeds is a failed test. */
export async function refusal(call: Promise<unknown>): Promise<Refusal> {
  try {
    const answer = await call;
    throw new Error(`expected an AWS error, got ${JSON.stringify(answer).slice(0, 300)}`);
  } catch (error) {
    const e = error as { name: string; Code?: string; message: string; $metadata?: { httpStatusCode?: number } };
    if (!e.$metadata) throw error;
    return { code: e.Code ?? e.name, message: e.message, status: e.$metadata.httpStatusCode ?? 0 };
  }
}

/** The package's public types: this file is its declaration file as it stands, so it imports nothing. */

export interface FogbankOptions {
  /** Makes ids, and chance in faults, repeatable. */
  readonly seed?: string;
  /** 'held' starts with the time standing still; it moves by `clock.advance`. */
  readonly clock?: 'running' | 'held';
  /** instant, fast, realistic, or a factor such as '0.1'. With a held clock 'realistic' unless said otherwise, else 'instant'. */
  readonly pace?: string;
  /** Twelve digits; 000000000000 when left out. */
  readonly account?: string;
  readonly region?: string;
  readonly iam?: 'enforce' | 'observe' | 'off';
  readonly auth?: 'open' | 'strict';
  readonly adoptImages?: boolean;
  /** A folder that keeps the state; in memory when left out. */
  readonly data?: string;
}

export interface Credentials {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  readonly sessionToken?: string;
}

export interface ClientConfig {
  readonly region: string;
  readonly endpoint: string;
  readonly credentials: Credentials;
  /** Answers in this process, without a socket; a request for any other host is refused. */
  readonly requestHandler: RequestHandler;
}

/** What clients of the AWS SDK for JavaScript v3 take as `requestHandler`. */
export interface RequestHandler {
  handle(request: any, options?: any): Promise<{ response: any }>;
  updateHttpClientConfig(): void;
  httpHandlerConfigs(): Record<string, never>;
  destroy(): void;
}

export interface Step {
  readonly at: string;
  readonly kind: string;
  readonly id: string;
  readonly from: string;
  readonly to: string;
}

export interface Clock {
  /** ISO 8601. */
  now(): string;
  hold(): Promise<void>;
  /** Simulated seconds a second; 1 when left out. */
  run(rate?: number): Promise<void>;
  /** A duration such as '1h30m', or milliseconds. Every step that becomes due has run when it resolves. */
  advance(by: string | number): Promise<{ readonly from: string; readonly to: string; readonly steps: readonly Step[]; readonly count: number }>;
}

export interface FaultRule {
  readonly match?: {
    readonly service?: string; readonly operation?: string; readonly account?: string; readonly region?: string; readonly zone?: string; readonly principal?: string;
    readonly parameters?: Readonly<Record<string, string>>; readonly resource?: string; readonly tag?: string; readonly kind?: string;
  };
  readonly effect: {
    readonly error?: string; readonly message?: string; readonly status?: number; readonly latencyMs?: number; readonly lagMs?: number; readonly connection?: 'reset' | 'truncate';
    readonly step?: { readonly to: string; readonly set?: Readonly<Record<string, unknown>> };
    readonly impaired?: 'instance' | 'system' | 'attached-ebs';
  };
  readonly when?: { readonly rate?: number; readonly first?: number; readonly every?: number; readonly after?: string; readonly until?: string };
}

export interface Fault extends FaultRule {
  readonly id: string;
  readonly since: string;
  readonly matched: number;
  readonly struck: number;
}

export interface Faults {
  /** Throws where the rule says something that there is not. */
  add(rule: FaultRule): Fault;
  list(): readonly Fault[];
  remove(id: string): boolean;
  clear(): void;
}

/** A world as it stood, with its time, due steps and ids. */
export interface Snapshot {
  readonly bytes: Uint8Array;
}

export interface CallFilter {
  /** An ARN; of a role's, its sessions' calls. */
  readonly principal?: string;
  readonly service?: string;
  readonly operation?: string;
  readonly account?: string;
  readonly region?: string;
  /** A code; '*' for every call that failed. */
  readonly error?: string;
  /** An id that the call names or changes. */
  readonly resource?: string;
  readonly limit?: number;
}

export interface Call {
  readonly requestId: string;
  /** ISO 8601. */
  readonly at: string;
  readonly principal: string;
  readonly service: string;
  readonly operation: string;
  /** The code of the error that was answered. */
  readonly error: string | undefined;
  /** Secrets masked. */
  readonly parameters: Readonly<Record<string, any>> | undefined;
  readonly changes: readonly { readonly kind: string; readonly id: string; readonly change: 'created' | 'changed' | 'removed'; readonly from?: string; readonly state?: string }[];
}

export interface Fogbank {
  /** For other processes: http://127.0.0.1:…, the port a free one. */
  readonly endpoint: string;
  readonly clock: Clock;
  readonly faults: Faults;
  /** For clients of the AWS SDK: root of the account, unless credentials are given. */
  clientConfig(over?: { readonly region?: string; readonly credentials?: Credentials }): ClientConfig;
  snapshot(): Promise<Snapshot>;
  restore(snapshot: Snapshot): Promise<void>;
  /** A second one that starts as this one stands. It ends with this one, if not before. */
  fork(): Promise<Fogbank>;
  /** Back to an empty world; or one account, one region, or one account in a region is new again. */
  reset(part?: { readonly account?: string; readonly region?: string }): Promise<void>;
  /** Makes the calls of a plan, in YAML or JSON, all of them or none; answers what the named ones answered. */
  load(plan: string): Promise<Readonly<Record<string, any>>>;
  /** The last calls, in order; all that is given must hold. */
  calls(filter?: CallFilter): readonly Call[];
  stop(): Promise<void>;
  [Symbol.asyncDispose](): Promise<void>;
}

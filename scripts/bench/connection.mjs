// One keep-alive HTTP/1.1 connection with one request in flight, and signed Query requests as the bytes that go over it.
// Much cheaper than node:http's client, so that what is measured is the server.
import net from 'node:net';
import aws4 from 'aws4';

export const VERSIONS = { ec2: '2016-11-15', iam: '2010-05-08', sts: '2011-06-15' };
const CREDENTIALS = { accessKeyId: 'test', secretAccessKey: 'test' };
const REGION = 'us-east-1';
const LOOPBACK = new Set(['127.0.0.1', 'localhost', '[::1]']);
const SILENCE_MS_MAX = 180_000;

/** Loopback only: a benchmark or a fuzzer must not be pointed at anybody else's machine. */
export function target(endpoint) {
  const url = new URL(endpoint);
  if (!LOOPBACK.has(url.hostname)) throw new Error(`loopback targets only, not ${url.hostname}`);
  return { host: url.hostname.replace(/^\[|\]$/g, ''), port: Number(url.port || 80), hostHeader: url.host };
}

/** A signed Query request, as bytes. */
export function signedQuery(to, service, parameters, credentials = CREDENTIALS) {
  const body = new URLSearchParams({ Version: VERSIONS[service], ...parameters }).toString();
  const { headers } = aws4.sign({
    service, region: REGION, method: 'POST', path: '/', body,
    headers: { Host: to.hostHeader, 'Content-Type': 'application/x-www-form-urlencoded; charset=utf-8' },
  }, credentials);
  const lines = Object.entries(headers).map(([name, value]) => `${name}: ${value}\r\n`).join('');
  return Buffer.from(`POST / HTTP/1.1\r\n${lines}Connection: keep-alive\r\n\r\n${body}`, 'latin1');
}

const END_OF_HEAD = Buffer.from('\r\n\r\n');
const LINE_FEED = 10;

export class Connection {
  connects = 0;
  #socket = null;
  #answered = null;

  constructor(to) {
    this.to = to;
  }

  /** `answered(error, connection)` is called once; `status`, `head` and `body()` are of the last answer. */
  send(bytes, answered) {
    this.#answered = answered;
    Object.assign(this, { status: 0, head: '', chunks: [], size: 0 });
    const bodiless = bytes.latin1Slice(0, 5) === 'HEAD ';
    this.#reading = { bodiless, headDone: false, pending: null, left: -1, chunked: false, closes: false, part: 'size', partLeft: 0, line: '' };
    if (!this.#socket) this.#open();
    this.#socket.write(bytes);
  }

  /** As a promise of `{ status, head, body }`. */
  call(bytes) {
    return new Promise((resolve, reject) => this.send(bytes, (error, c) => (error ? reject(error) : resolve({ status: c.status, head: c.head, body: c.body() }))));
  }

  body() {
    return Buffer.concat(this.chunks, this.size);
  }

  end() {
    const socket = this.#socket;
    this.#socket = null;
    socket?.destroy();
  }

  #reading;

  #open() {
    this.connects++;
    const socket = net.connect(this.to.port, this.to.host);
    socket.setNoDelay(true);
    socket.setTimeout(SILENCE_MS_MAX, () => socket.destroy(new Error('timeout')));
    socket.on('data', (data) => { if (socket === this.#socket) this.#read(data); });
    socket.on('error', (error) => {
      if (socket !== this.#socket) return;
      this.#socket = null;
      this.#done(error);
    });
    socket.on('close', () => {
      if (socket !== this.#socket) return;
      this.#socket = null;
      const r = this.#reading;
      this.#done(r.headDone && r.left === -1 && !r.chunked ? null : new Error('connection closed early'));
    });
    this.#socket = socket;
  }

  #read(data) {
    if (!this.#answered) return;
    const r = this.#reading;
    if (!r.headDone) {
      r.pending = r.pending ? Buffer.concat([r.pending, data]) : data;
      const end = r.pending.indexOf(END_OF_HEAD);
      if (end < 0) return;
      this.#readHead(r.pending.latin1Slice(0, end));
      data = r.pending.subarray(end + END_OF_HEAD.length);
      r.pending = null;
    }
    if (r.chunked) return this.#readChunks(data);
    if (data.length > 0) this.#keep(data);
    if (r.left >= 0 && this.size >= r.left) this.#done(null);
  }

  #readHead(head) {
    const r = this.#reading;
    const lower = head.toLowerCase();
    r.headDone = true;
    this.head = head;
    this.status = Number(lower.slice(9, 12));
    const length = /\r\ncontent-length: *(\d+)/.exec(lower);
    r.left = r.bodiless || this.status === 204 || this.status === 304 ? 0 : length ? Number(length[1]) : -1;
    r.chunked = r.left !== 0 && !length && /\r\ntransfer-encoding: *chunked/.test(lower);
    r.closes = /\r\nconnection: *close/.test(lower) || (lower.startsWith('http/1.0') && !/\r\nconnection: *keep-alive/.test(lower));
  }

  #keep(data) {
    this.chunks.push(data);
    this.size += data.length;
  }

  #readChunks(data) {
    const r = this.#reading;
    for (let at = 0; at < data.length;) {
      if (r.part === 'data' || r.part === 'end') {
        const count = Math.min(r.partLeft, data.length - at);
        if (r.part === 'data') this.#keep(data.subarray(at, at + count));
        at += count;
        r.partLeft -= count;
        if (r.partLeft === 0) Object.assign(r, r.part === 'data' ? { part: 'end', partLeft: 2 } : { part: 'size' });
        continue;
      }
      const lineEnd = data.indexOf(LINE_FEED, at);
      r.line += data.latin1Slice(at, lineEnd < 0 ? undefined : lineEnd);
      if (lineEnd < 0) return;
      at = lineEnd + 1;
      const line = r.line.trim();
      r.line = '';
      if (r.part === 'trailer') {
        if (line === '') return this.#done(null);
        continue;
      }
      r.partLeft = Number.parseInt(line, 16);
      r.part = r.partLeft > 0 ? 'data' : 'trailer';
    }
  }

  #done(error) {
    const answered = this.#answered;
    this.#answered = null;
    if (!answered) return;
    if (error || this.#reading.closes) this.end();
    answered(error, this);
  }
}

/** One awaited Query call, for setting up. Throws where it is not answered with 200. */
export async function query(connection, service, parameters) {
  const { status, body } = await connection.call(signedQuery(connection.to, service, parameters));
  const text = body.toString();
  if (status !== 200) throw new Error(`${parameters.Action}: ${status} ${/<Code>([^<]*)</.exec(text)?.[1] ?? ''} ${/<Message>([^<]*)</.exec(text)?.[1] ?? text.slice(0, 200)}`);
  return text;
}

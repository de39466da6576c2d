import { index, integer, primaryKey, sqliteTable, text, uniqueIndex } from 'drizzle-orm/sqlite-core';

/** A resource: a document in AWS's own output shape. `seq` is the order in which AWS would list it. */
export const documents = sqliteTable('documents', {
  seq: integer('seq').primaryKey({ autoIncrement: true }),
  account: text('account').notNull(),
  region: text('region').notNull(),
  kind: text('kind').notNull(),
  id: text('id').notNull(),
  document: text('document').notNull(),
}, (t) => [uniqueIndex('documents_key').on(t.account, t.region, t.kind, t.id), index('documents_order').on(t.account, t.region, t.kind, t.seq)]);

/** The tags of documents, for look-ups by tag. */
export const tags = sqliteTable('tags', {
  seq: integer('seq').notNull(),
  key: text('key').notNull(),
  value: text('value').notNull(),
}, (t) => [primaryKey({ columns: [t.key, t.value, t.seq] }), index('tags_seq').on(t.seq)]);

/** Who refers to whom, and the members that filters hit at scale: one row for each value of a declared member path. */
export const links = sqliteTable('links', {
  seq: integer('seq').notNull(),
  member: text('member').notNull(),
  value: text('value').notNull(),
}, (t) => [primaryKey({ columns: [t.value, t.member, t.seq] }), index('links_seq').on(t.seq)]);

/** Steps that are due at a time: data, never a closure. */
export const timers = sqliteTable('timers', {
  sequence: integer('sequence').primaryKey({ autoIncrement: true }),
  at: integer('at').notNull(),
  account: text('account').notNull(),
  region: text('region').notNull(),
  kind: text('kind').notNull(),
  id: text('id').notNull(),
  from: text('from_state').notNull(),
  to: text('to_state').notNull(),
}, (t) => [index('timers_due').on(t.at, t.sequence), index('timers_of').on(t.account, t.region, t.kind, t.id)]);

/** Answers kept for idempotency tokens. */
export const tokens = sqliteTable('tokens', {
  account: text('account').notNull(),
  region: text('region').notNull(),
  operation: text('operation').notNull(),
  token: text('token').notNull(),
  parameters: text('parameters').notNull(),
  output: text('output').notNull(),
  expires: integer('expires').notNull(),
}, (t) => [primaryKey({ columns: [t.account, t.region, t.operation, t.token] }), index('tokens_expires').on(t.expires)]);

/** Access keys and session credentials, by access key id alone, since a request names no account. Secrets are sealed. */
export const credentials = sqliteTable('credentials', {
  accessKeyId: text('access_key_id').primaryKey(),
  account: text('account').notNull(),
  principal: text('principal').notNull(),
  secret: text('secret').notNull(),
  sessionToken: text('session_token'),
  expires: integer('expires'),
  active: integer('active').notNull(),
});

/** Facts of the world that are no resource: provisioned regions, the id source's position, the clock. */
export const facts = sqliteTable('facts', {
  name: text('name').primaryKey(),
  value: text('value').notNull(),
});

import { integer, sqliteTable, text } from 'drizzle-orm/sqlite-core';

/**
 * A document in AWS's own output shape, and the step that it takes next. `seq` is the order in which AWS would list it.
 * The one table: what documents are found by is made from them at the start (../decisions/0003-documents-in-sqlite-indexes-in-memory.md).
 */
export const documents = sqliteTable('documents', {
  seq: integer('seq').primaryKey(),
  account: text('account').notNull(),
  region: text('region').notNull(),
  kind: text('kind').notNull(),
  id: text('id').notNull(),
  document: text('document').notNull(),
  /** Milliseconds since the epoch; null where nothing is due. */
  dueAt: integer('due_at'),
  /** The order among steps of the same moment. */
  dueTurn: integer('due_turn'),
  dueFrom: text('due_from'),
  dueTo: text('due_to'),
});

export { sql } from '../../../src/probe/operations/sql.ts';

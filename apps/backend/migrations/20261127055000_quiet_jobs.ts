import { Migration } from '@mikro-orm/migrations';

/**
 * Adds jobs without a NOTIFY: one inside a hot transaction takes a lock of the whole server at its
 * commit. graphile-worker's own `add_jobs` does the work, so nothing here knows its private tables;
 * only its `pg_notify`, which it names without a schema, finds this silent namesake first. The
 * workers are rung after the commit (`platform/jobs/jobs.ts`).
 */
export class Migration20261127055000_quiet_jobs extends Migration {
  override name = 'Migration20261127055000_quiet_jobs';

  override up(): void {
    this.addSql('create schema quiet;');
    this.addSql(`create function quiet.pg_notify(channel text, payload text) returns void
      language sql as '';`);
    // The queue runs what is due by its date alone: a microsecond each keeps the order given.
    this.addSql(`create function quiet.add_jobs_v1(specs json) returns void
      language plpgsql set search_path = quiet, pg_catalog as $$
      begin
        perform graphile_worker.add_jobs(array(
          select json_populate_record(json_populate_record(null::graphile_worker.job_spec,
                   json_build_object('run_at', now() + at * interval '1 microsecond')), spec)
            from json_array_elements(specs) with ordinality as given (spec, at)
           order by at));
      end
    $$;`);
  }

  override down(): void {
    this.addSql('drop function if exists quiet.add_jobs_v1(json);');
    this.addSql('drop function if exists quiet.pg_notify(text, text);');
    this.addSql('drop schema if exists quiet;');
  }
}

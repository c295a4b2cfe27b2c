"""What the local store of jobs holds, as SQL, and how an older one becomes the newest."""

from __future__ import annotations

# Tells that a file is ours; `file` and SQLite itself show it. It spells AWXJ.
APPLICATION_ID = 0x4157584A

# Each step takes a file from the version of its place to the next. They are never changed once
# they are out; what is wanted anew is a further step.
MIGRATIONS = (
    """
    -- Jobs as AWX lists them; times are seconds since the epoch, elapsed is seconds.
    CREATE TABLE jobs (
        id INTEGER PRIMARY KEY,
        template INTEGER, inventory INTEGER, project INTEGER, organization INTEGER,
        name TEXT NOT NULL, launcher TEXT NOT NULL, launch_type TEXT NOT NULL,
        status TEXT NOT NULL, created REAL NOT NULL, started REAL, finished REAL,
        elapsed REAL NOT NULL, revision TEXT NOT NULL, explanation TEXT NOT NULL
    );
    CREATE INDEX jobs_created ON jobs (created);
    CREATE INDEX jobs_of_deleted_templates ON jobs (name) WHERE template IS NULL;
    -- The name that a resource had in its newest job.
    CREATE TABLE names (
        kind TEXT NOT NULL, id INTEGER NOT NULL, name TEXT NOT NULL, as_of INTEGER NOT NULL,
        PRIMARY KEY (kind, id)
    ) WITHOUT ROWID;
    -- Whose jobs these are, and of which AWX.
    CREATE TABLE about (key TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID;
    -- Up to which id, and from which time of creation on, a list of jobs was asked for: of all
    -- jobs, or of one template's.
    CREATE TABLE asked (list TEXT PRIMARY KEY, upto INTEGER NOT NULL, since REAL NOT NULL)
        WITHOUT ROWID;
    -- What of that is not here yet: ids in (above, upto], created in [since, until).
    CREATE TABLE missing (
        number INTEGER PRIMARY KEY AUTOINCREMENT, list TEXT NOT NULL, above INTEGER NOT NULL,
        upto INTEGER NOT NULL, since REAL NOT NULL, until REAL
    );
    """,
    """
    -- Why jobs failed, as far as AWX was asked.
    CREATE TABLE explained (
        job INTEGER PRIMARY KEY, kind TEXT NOT NULL, reason TEXT NOT NULL, hosts INTEGER NOT NULL,
        is_settled INTEGER NOT NULL
    );
    -- Each host that failed, with the last task that did; none where AWX has no event of it.
    CREATE TABLE failed_hosts (
        job INTEGER NOT NULL, host TEXT NOT NULL, task TEXT NOT NULL, message TEXT NOT NULL,
        is_unreachable INTEGER NOT NULL, PRIMARY KEY (job, host)
    ) WITHOUT ROWID;
    CREATE TRIGGER job_deleted AFTER DELETE ON jobs BEGIN
        DELETE FROM explained WHERE job = old.id;
        DELETE FROM failed_hosts WHERE job = old.id;
    END;
    """,
)

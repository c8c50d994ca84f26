-- Times: BIGINT nanoseconds since 1970-01-01 UTC. JSON: TEXT. Flags: BIGINT 0 or 1.

CREATE TABLE meta (
    name  TEXT PRIMARY KEY,
    value TEXT NOT NULL
);

CREATE TABLE state (
    key   TEXT PRIMARY KEY,
    value BLOB NOT NULL
);

CREATE TABLE alerts (
    id        TEXT PRIMARY KEY,
    rule      TEXT NOT NULL,
    severity  BIGINT NOT NULL,          -- 0 informational … 4 critical
    status    TEXT NOT NULL,            -- what a person decided; the pipeline never changes it
    raised    BIGINT NOT NULL,
    cleared   BIGINT,
    patch     TEXT,                     -- the patch case
    peak      BIGINT NOT NULL,          -- the highest severity so far
    reviewed  BIGINT,                   -- the status ends then
    json      TEXT NOT NULL
);
CREATE INDEX alerts_by_time ON alerts (raised, id);
CREATE INDEX alerts_by_rule ON alerts (rule, raised);
CREATE INDEX alerts_by_case ON alerts (patch);
CREATE INDEX alerts_open ON alerts (cleared, raised);

CREATE TABLE alert_hosts (
    host  TEXT NOT NULL,
    alert TEXT NOT NULL REFERENCES alerts (id) ON DELETE CASCADE,
    PRIMARY KEY (host, alert)
);
CREATE INDEX alert_hosts_by_alert ON alert_hosts (alert);

CREATE TABLE alert_history (
    alert TEXT NOT NULL REFERENCES alerts (id) ON DELETE CASCADE,
    seq   BIGINT NOT NULL,
    at    BIGINT NOT NULL,
    actor TEXT NOT NULL,                -- who; `roundsman` for the pipeline
    what  TEXT NOT NULL,
    note  TEXT NOT NULL,
    PRIMARY KEY (alert, seq)
);

CREATE TABLE cases (
    id       TEXT PRIMARY KEY,
    asset    TEXT,
    advisory TEXT NOT NULL,
    state    TEXT NOT NULL,
    class    TEXT NOT NULL,
    kev      BIGINT NOT NULL,
    overdue  BIGINT NOT NULL,
    opened   BIGINT NOT NULL,
    due      BIGINT,                    -- deploy
    json     TEXT NOT NULL
);
CREATE INDEX cases_by_state ON cases (state, opened);
CREATE INDEX cases_by_asset ON cases (asset);

CREATE TABLE outbox (
    seq             BIGINT PRIMARY KEY,
    channel         TEXT NOT NULL,
    alert           TEXT NOT NULL,
    change          TEXT NOT NULL,
    idempotency_key TEXT NOT NULL,
    payload         TEXT NOT NULL,
    state           TEXT NOT NULL,      -- due, delivered, failed
    attempts        BIGINT NOT NULL,
    queued          BIGINT NOT NULL,
    next_try        BIGINT NOT NULL,
    error           TEXT NOT NULL,
    UNIQUE (channel, idempotency_key)
);
CREATE INDEX outbox_due ON outbox (channel, state, seq);
CREATE INDEX outbox_by_alert ON outbox (alert);

CREATE TABLE counts (
    day     TEXT NOT NULL,
    host    TEXT NOT NULL,
    source  TEXT NOT NULL,
    format  TEXT NOT NULL,
    lines   BIGINT NOT NULL,
    unknown BIGINT NOT NULL,
    last    BIGINT NOT NULL,
    PRIMARY KEY (day, host, source, format)
);

CREATE TABLE decisions (
    seq  BIGINT PRIMARY KEY,
    at   BIGINT NOT NULL,
    kind TEXT NOT NULL,
    json TEXT NOT NULL
);
CREATE INDEX decisions_by_time ON decisions (at);

CREATE TABLE digests (
    period TEXT PRIMARY KEY,
    at     BIGINT NOT NULL,
    json   TEXT NOT NULL
);

CREATE TABLE users (
    name     TEXT PRIMARY KEY,
    role     TEXT NOT NULL,
    password TEXT NOT NULL,             -- the hash, in PHC string form
    created  BIGINT NOT NULL
);

CREATE TABLE tokens (
    hash    TEXT PRIMARY KEY,
    role    TEXT NOT NULL,
    name    TEXT NOT NULL,
    created BIGINT NOT NULL
);

CREATE TABLE sessions (
    hash    TEXT PRIMARY KEY,
    user_name TEXT NOT NULL REFERENCES users (name) ON DELETE CASCADE,
    role    TEXT NOT NULL,
    expires BIGINT NOT NULL
);

CREATE TABLE links (
    hash    TEXT PRIMARY KEY,
    role    TEXT NOT NULL,
    expires BIGINT NOT NULL
);

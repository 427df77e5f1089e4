-- What somebody would write by hand for the same job: three tables, the lines and totals of an invoice in one document.
CREATE TABLE series (
    account bigint NOT NULL,
    year integer NOT NULL,
    next integer NOT NULL DEFAULT 1,
    PRIMARY KEY (account, year)
);
CREATE TABLE invoices (
    id bigserial PRIMARY KEY,
    account bigint NOT NULL,
    client bigint NOT NULL,
    status text NOT NULL CHECK (status IN ('draft', 'open', 'paid', 'void')),
    number text,
    currency char(3) NOT NULL,
    payable numeric(14, 2) NOT NULL CHECK (payable >= 0),
    paid numeric(14, 2) NOT NULL DEFAULT 0 CHECK (paid BETWEEN 0 AND payable),
    document jsonb NOT NULL,
    created_at timestamptz NOT NULL DEFAULT now(),
    issued_at timestamptz,
    due_on date,
    UNIQUE (account, number)
);
CREATE INDEX invoices_by_client ON invoices (account, client, created_at);
CREATE INDEX invoices_by_status ON invoices (account, status, created_at);
CREATE TABLE ledger (
    id bigserial PRIMARY KEY,
    account bigint NOT NULL,
    invoice bigint NOT NULL REFERENCES invoices,
    booked_at timestamptz NOT NULL DEFAULT now(),
    book text NOT NULL,
    currency char(3) NOT NULL,
    amount numeric(14, 2) NOT NULL
);
CREATE INDEX ledger_by_invoice ON ledger (invoice);
INSERT INTO series (account, year) VALUES (1, 2026);

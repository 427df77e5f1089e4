-- One life in two transactions: a draft; then its number, its issue and its payment with what is booked of both.
\set client random(1, 100)
BEGIN;
INSERT INTO invoices (account, client, status, currency, payable, document)
VALUES (1, :client, 'draft', 'EUR', 238.00,
    '{"lines": [{"description": "Design", "quantity": "2", "unit_price": "50", "taxes": [{"name": "VAT", "rate": "19"}]}, {"description": "Build", "quantity": "2", "unit_price": "50", "taxes": [{"name": "VAT", "rate": "19"}]}], "totals": {"net": "200.00", "tax": "38.00", "payable": "238.00"}}')
RETURNING id \gset
COMMIT;
BEGIN;
UPDATE series SET next = next + 1 WHERE account = 1 AND year = 2026 RETURNING next - 1 AS number \gset
UPDATE invoices SET status = 'paid', number = 'INV-2026-' || lpad(:number::text, 5, '0'), issued_at = now(),
    due_on = current_date + 14, paid = payable
WHERE id = :id AND status = 'draft';
INSERT INTO ledger (account, invoice, book, currency, amount) VALUES
    (1, :id, 'receivable', 'EUR', 238.00), (1, :id, 'revenue', 'EUR', -200.00), (1, :id, 'tax', 'EUR', -38.00),
    (1, :id, 'bank', 'EUR', 238.00), (1, :id, 'receivable', 'EUR', -238.00);
COMMIT;

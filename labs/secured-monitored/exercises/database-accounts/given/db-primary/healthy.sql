SELECT COUNT(*) = 1 FROM information_schema.tables WHERE table_schema = 'ledger';

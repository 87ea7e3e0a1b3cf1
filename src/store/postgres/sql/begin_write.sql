BEGIN ISOLATION LEVEL READ COMMITTED;
SET LOCAL lock_timeout = 10000;
SET LOCAL statement_timeout = 60000;
SET LOCAL idle_in_transaction_session_timeout = 5000

BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY;
SET LOCAL statement_timeout = 60000;
SET LOCAL idle_in_transaction_session_timeout = 60000

"""Computing on several cores: processes that look at messages and treat them, and nothing else.

The process that serves keeps the log, the ledger, quotas, reviews and retries; a worker that ends
loses what it was computing, which was not sent yet.
"""

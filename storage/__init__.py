"""Everything in Redis: key names, encryption, repositories, locks, the call budget, the job queue."""

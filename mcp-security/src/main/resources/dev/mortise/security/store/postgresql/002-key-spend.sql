-- What a key with a limit has spent so far, together with the keys that descend from it.
ALTER TABLE sec_key ADD COLUMN spent bigint NOT NULL DEFAULT 0;

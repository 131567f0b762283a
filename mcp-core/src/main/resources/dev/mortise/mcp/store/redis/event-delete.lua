-- Forgets the events of a session.
-- KEYS[1]  stream: the events
-- KEYS[2]  hash: their position and size
redis.call('DEL', KEYS[1], KEYS[2])
return {}
